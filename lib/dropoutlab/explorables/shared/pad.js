// The canvas to draw a digit on, and beside it what a net sees of it.

import { decodeBytes } from "./bytes.js";
import { assign, element } from "./controls.js";
import {
  CANVAS_SIDE,
  IMAGE_SIDE,
  inkStrokes,
  normaliseInk,
  PEN_RADIUS,
  poolPixels,
  turnImage,
  turnStrokes,
} from "./ink.js";
import { colour, penOf } from "./lifecycle.js";

/** @import { Model } from "./controls.js" */
/** @import { Colour } from "./lifecycle.js" */
/** @import { Stroke } from "./ink.js" */

/**
 * What stands on the canvas: one of the real digits, or with -1 a drawing, and how it is turned.
 *
 * @typedef {{ digit: number, rotation: number, strokes: Stroke[] }} Shown
 */

const MOST_PEN_POINTS = 3000;
const PEN_STEP = 2; // units between points of a stroke, at least
const SHARPNESS = 2; // pixels of the canvas a unit

/** @typedef {{ images: string, labels: number[], clear: number }} Digits */

/**
 * The pixels that a net is asked about, of 28 by 28; null where there is no ink.
 *
 * @param {Shown} shown
 * @param {Float64Array[]} images The real digits.
 */
export function askedImage({ digit, rotation, strokes }, images) {
  if (digit < 0) return normaliseInk(inkStrokes(turnStrokes(strokes, rotation)));
  return normaliseInk(turnImage({ ink: images[digit], rows: IMAGE_SIDE, columns: IMAGE_SIDE }, rotation));
}

/** The real digits, as ink. @param {Digits} digits */
export function unpackDigits({ images, labels }) {
  const bytes = decodeBytes(images);
  const size = IMAGE_SIDE ** 2;
  return labels.map((_, i) => Float64Array.from(bytes.subarray(i * size, (i + 1) * size), (byte) => byte / 255));
}

/**
 * What a reader can do besides drawing.
 *
 * @template {Shown & { digits: Digits }} Traits
 * @param {Model<Traits>} model
 */
export function padActions(model) {
  const show = (/** @type {Shown} */ { strokes, rotation, digit }) => {
    model.set("strokes", strokes);
    model.set("rotation", rotation);
    assign(model, "digit", digit);
  };
  const showDigit = (/** @type {number} */ digit) => show({ digit, rotation: 0, strokes: [] });
  return {
    show,
    clear: () => showDigit(-1),
    anotherDigit: () => showDigit((Math.max(model.get("digit"), 0) + 1) % model.get("digits").labels.length),
  };
}

/** What is shown, in words. @param {Shown} shown @param {number[]} labels Of the real digits. */
export function describeShown({ digit, rotation, strokes }, labels) {
  const way = rotation < 0 ? "anticlockwise" : "clockwise";
  const turn = rotation ? `, turned by ${several(Math.abs(rotation), "degree")} ${way}` : "";
  if (digit >= 0) return `A real ${labels[digit]}${turn}`;
  if (strokes.length === 0) return "An empty canvas";
  return `A drawing of ${several(strokes.length, "stroke")}${turn}`;
}

/** @param {number} n @param {string} thing */
const several = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

/** @param {number} value */
const tenths = (value) => Math.round(value * 10) / 10;

/** The canvas, and what the networks see of it. */
export class Pad {
  #side = CANVAS_SIDE * SHARPNESS;
  canvas = element("canvas", { class: "dl-pad", width: this.#side, height: this.#side, role: "img" });
  seen = element("canvas", {
    ...{ class: "dl-seen", width: 14, height: 14, role: "img" },
    "aria-label": "What is read, in 14 by 14 pixels",
  });
  #stamp = element("canvas", { width: IMAGE_SIDE, height: IMAGE_SIDE });

  /**
   * @param {Shown} shown
   * @param {Float64Array[]} images The real digits.
   * @param {Float64Array | null} asked What the networks are asked about.
   */
  draw({ digit, rotation, strokes }, images, asked) {
    const pen = penOf(this.canvas);
    const ink = colour(this.canvas.parentElement ?? document.body, "--dl-ink");
    pen.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
    pen.clearRect(0, 0, CANVAS_SIDE, CANVAS_SIDE);
    pen.translate(CANVAS_SIDE / 2, CANVAS_SIDE / 2);
    pen.rotate((rotation * Math.PI) / 180);
    pen.translate(-CANVAS_SIDE / 2, -CANVAS_SIDE / 2);
    if (digit < 0) drawStrokes(pen, strokes, ink);
    else {
      fillPixels(this.#stamp, images[digit], ink);
      pen.imageSmoothingQuality = "high";
      pen.drawImage(this.#stamp, 0, 0, CANVAS_SIDE, CANVAS_SIDE);
    }
    const { width, height } = this.seen;
    fillPixels(this.seen, asked ? poolPixels(asked) : new Float64Array(width * height), ink);
  }

  /** Where a pointer is, in the units of strokes, before the drawing is turned. @param {PointerEvent} event @param {number} rotation */
  at({ clientX, clientY }, rotation) {
    const box = this.canvas.getBoundingClientRect();
    const within = (/** @type {number} */ at) => Math.min(Math.max(at, 0), 1) * CANVAS_SIDE;
    const point = [within((clientX - box.left) / box.width), within((clientY - box.top) / box.height)];
    return turnStrokes([[point]], -rotation)[0][0].map(tenths);
  }
}

/** @param {CanvasRenderingContext2D} pen @param {Stroke[]} strokes @param {Colour} ink */
function drawStrokes(pen, strokes, ink) {
  pen.strokeStyle = `rgb(${ink.join(" ")})`;
  pen.lineWidth = 2 * PEN_RADIUS;
  pen.lineCap = pen.lineJoin = "round";
  for (const [start, ...others] of strokes) {
    pen.beginPath();
    pen.moveTo(start[0], start[1]);
    for (const [x, y] of others.length ? others : [start]) pen.lineTo(x, y);
    pen.stroke();
  }
}

/** @param {HTMLCanvasElement} canvas @param {Float64Array} values From 0 to 1. @param {Colour} ink */
function fillPixels(canvas, values, ink) {
  const pen = penOf(canvas);
  const pixels = pen.createImageData(canvas.width, canvas.height);
  for (const [k, value] of values.entries()) pixels.data.set([...ink, Math.round(255 * value)], 4 * k);
  pen.putImageData(pixels, 0, 0);
}

/** The stroke that is being drawn: by which pointer, over how it was turned, and how many points it may still get. */
class Held {
  /** @param {PointerEvent} event @param {Shown} before @param {Pad} pad */
  constructor(event, before, pad) {
    const isDrawing = before.digit < 0;
    this.pad = pad;
    this.pointer = event.pointerId;
    this.before = isDrawing ? before : { digit: -1, rotation: 0, strokes: [] };
    this.stroke = [pad.at(event, this.before.rotation)];
    this.room = MOST_PEN_POINTS - 1 - this.before.strokes.flat().length;
  }

  /** @param {PointerEvent} event */
  add(event) {
    const [x, y] = this.pad.at(event, this.before.rotation);
    const [lastX, lastY] = this.stroke[this.stroke.length - 1];
    if (this.room <= 0 || Math.hypot(x - lastX, y - lastY) < PEN_STEP) return;
    this.stroke.push([x, y]);
    this.room -= 1;
  }

  get shown() {
    return { ...this.before, strokes: [...this.before.strokes, this.stroke] };
  }
}

/**
 * Follow a pen, a finger or a mouse.
 *
 * @param {Pad} pad
 * @param {() => Shown} shown What stood there before.
 * @param {{ moved: () => void, ended: (shown: Shown) => void }} tell `moved` at most once a frame.
 * @param {AbortSignal} signal
 * @returns {() => Shown | undefined} What is shown while a stroke is drawn.
 */
export function followPen(pad, shown, { moved, ended }, signal) {
  const { canvas } = pad;
  /** @type {Held | undefined} */
  let held;
  let request = 0;
  const soon = () => {
    request ||= requestAnimationFrame(() => {
      request = 0;
      moved();
    });
  };
  const press = (/** @type {PointerEvent} */ event) => {
    if (held || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const begun = new Held(event, shown(), pad);
    if (begun.room < 0) return;
    held = begun;
    moved();
  };
  const drag = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== held?.pointer) return;
    for (const each of event.getCoalescedEvents?.() ?? []) held.add(each);
    held.add(event);
    soon();
  };
  const release = (/** @type {PointerEvent} */ event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const after = held.shown;
    held = undefined;
    ended(after);
  };
  canvas.addEventListener("pointerdown", press, { signal });
  canvas.addEventListener("pointermove", drag, { signal });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    canvas.addEventListener(end, release, { signal });
  }
  signal.addEventListener("abort", () => cancelAnimationFrame(request));
  return () => held?.shown;
}
