// Ask a hundred networks: a digit, drawn or real, and the votes of the thinned networks on it.

import { assign, button, element, onChange, slider } from "../shared/controls.js";
import { colour, explorable, onScheme } from "../shared/lifecycle.js";
import { CANVAS_SIDE, IMAGE_SIDE, inkStrokes, normaliseInk, PEN_RADIUS, turnImage, turnStrokes } from "./ink.js";
import { askNetworks, DIGIT_CLASSES, decodeBytes, decodeReader, drawCrowd, largestOf, poolPixels } from "./voters.js";

const MOST_PEN_POINTS = 3000;
const PEN_STEP = 2; // units between points of a stroke, at least
const SHARPNESS = 2; // pixels of the canvas a unit

/** The pixels that the networks are asked about, of 28 by 28; null where there is no ink. */
export function askedImage({ digit, rotation, strokes }, images) {
  if (digit < 0) return normaliseInk(inkStrokes(turnStrokes(strokes, rotation)));
  return normaliseInk(turnImage({ ink: images[digit], rows: IMAGE_SIDE, columns: IMAGE_SIDE }, rotation));
}

/** The real digits, as ink. */
export function unpackDigits({ images, labels }) {
  const bytes = decodeBytes(images);
  const size = IMAGE_SIDE ** 2;
  return labels.map((_, i) => Float64Array.from(bytes.subarray(i * size, (i + 1) * size), (byte) => byte / 255));
}

/** What is shown, in words. */
export function describeShown({ digit, rotation, strokes }, labels) {
  const degrees = Math.abs(rotation);
  const way = rotation < 0 ? "anticlockwise" : "clockwise";
  const turn = degrees ? `, turned by ${degrees} ${degrees === 1 ? "degree" : "degrees"} ${way}` : "";
  if (digit >= 0) return `A real ${labels[digit]}${turn}`;
  if (strokes.length === 0) return "An empty canvas";
  return `A drawing of ${strokes.length} ${strokes.length === 1 ? "stroke" : "strokes"}${turn}`;
}

/** Who votes for what, in words. */
export function describeVotes({ votes, whole, voteEntropy, entropy }) {
  const first = largestOf(votes);
  const total = votes.reduce((sum, count) => sum + count, 0);
  const read = largestOf(whole);
  const opinion =
    read === first
      ? `The whole net agrees (probability ${shareText(whole[read])})`
      : `The whole net says ${read} (probability ${shareText(whole[read])})`;
  return (
    `${votes[first]} of ${total} networks vote for ${first}: ${bitsText(voteEntropy)} bits of entropy in the votes, ` +
    `${bitsText(entropy)} in the mean prediction. ${opinion}.`
  );
}

const bitsText = (bits) => bits.toFixed(2);
// Only what is certain is called 0 or 1.
const shareText = (share) =>
  share > 0 && share < 0.005 ? "<0.01" : share < 1 && share >= 0.995 ? ">0.99" : share.toFixed(2);
const tenths = (value) => Math.round(value * 10) / 10;

/** A table's row: a name, and cells. */
function tableRow(name, ...cells) {
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell)));
}

function tableHead(...names) {
  return element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name))));
}

export default explorable(({ model, el, signal }) => {
  let held = null; // the stroke that is being drawn, and by which pointer
  let [reader, masks, images] = [];
  const labels = () => model.get("digits").labels;

  /** What is shown, with the stroke that is not finished yet. */
  function shown() {
    const now = { digit: model.get("digit"), rotation: model.get("rotation"), strokes: model.get("strokes") };
    if (!held) return now;
    const drawing = now.digit < 0;
    return { digit: -1, rotation: drawing ? now.rotation : 0, strokes: [...(drawing ? now.strokes : []), held.stroke] };
  }

  const side = CANVAS_SIDE * SHARPNESS;
  const canvas = element("canvas", { class: "dl-pad", width: side, height: side, role: "img" });
  const seen = element("canvas", {
    class: "dl-seen",
    width: 14,
    height: 14,
    role: "img",
    "aria-label": "What the networks see, in 14 by 14 pixels",
  });
  const stamp = element("canvas", { width: IMAGE_SIDE, height: IMAGE_SIDE });

  const bars = Array.from({ length: DIGIT_CLASSES }, () => element("span", { class: "dl-bar" }));
  const counts = bars.map(() => element("span"));
  const means = bars.map(() => element("span"));
  const wholes = bars.map(() => element("span"));
  const rows = bars.map((bar, digit) =>
    tableRow(String(digit), element("div", { class: "dl-count" }, counts[digit], bar), means[digit], wholes[digit]),
  );
  const votes = element(
    "table",
    { class: "dl-votes" },
    element("caption", {}, "Votes and probabilities, digit by digit"),
    tableHead("Digit", "Votes", "Mean prob.", "Whole net"),
    element("tbody", {}, ...rows),
  );

  const result = element("p", { class: "dl-result", role: "status" });
  const { clear } = model.get("digits");
  const offers = [
    [`A clear ${labels()[clear]}`, () => ({ digit: clear, rotation: 0, strokes: [] })],
    [`Same ${labels()[clear]}, turned by 90°`, () => ({ digit: clear, rotation: 90, strokes: [] })],
    ["A scribble", () => ({ digit: -1, rotation: 0, strokes: model.get("scribble") })],
  ].map(([name, state]) => ({
    state,
    row: tableRow(
      button(name, () => show(state()), signal),
      "",
      "",
      "",
      "",
    ),
  }));
  const current = tableRow("Shown now", "", "", "", "");
  const comparison = element(
    "table",
    { class: "dl-compare" },
    element("caption", {}, "Three to compare, entropies in bits"),
    tableHead("Image", "Most votes", "Entropy of votes", "Entropy of mean", "Disagree\u00adment"),
    element("tbody", {}, ...offers.map(({ row }) => row), current),
  );
  const { test_error: wrong, n_test: tested, p } = model.get("reader");
  el.classList.add("dl-ask");
  el.append(
    element(
      "div",
      { class: "dl-views" },
      element(
        "div",
        {},
        canvas,
        element(
          "div",
          { class: "dl-below" },
          element(
            "div",
            { class: "dl-glimpse" },
            seen,
            element("span", { "aria-hidden": "true" }, "what the networks see"),
          ),
          element(
            "div",
            { class: "dl-buttons" },
            button("Another real digit", anotherDigit, signal),
            button("Clear", () => show({ digit: -1, rotation: 0, strokes: [] }), signal),
          ),
        ),
        slider(
          model,
          "rotation",
          { label: "Turn", min: -180, max: 180, step: 1, format: (v) => `${String(v).replace("-", "−")}°` },
          signal,
        ),
      ),
      element("div", {}, votes),
    ),
    result,
    comparison,
    element("div", { class: "dl-buttons" }, button("Draw another hundred networks", otherMasks, signal)),
    element(
      "p",
      { class: "dl-help" },
      "Draw with a mouse, a pen or a finger: the drawing is centred and scaled as the training digits were. " +
        `Each network drops its own hidden units, each with probability ${p}. Entropy is 0 bits where all agree and at most ` +
        `${bitsText(Math.log2(DIGIT_CLASSES))}; disagreement is the part of the mean prediction’s entropy that comes from the ` +
        "networks differing. None of it is a promise: nonsense can win a confident vote. Of " +
        `${tested.toLocaleString("en")} digits that it never saw, the whole net misreads ${Math.round(wrong * tested)}.`,
    ),
  );

  function show(state) {
    for (const name of ["strokes", "rotation", "digit"]) model.set(name, state[name]);
    model.save_changes();
  }

  function anotherDigit() {
    show({ digit: (Math.max(model.get("digit"), 0) + 1) % labels().length, rotation: 0, strokes: [] });
  }

  function otherMasks() {
    assign(model, "seed", (model.get("seed") + 1) % 2 ** 32);
  }

  /** Where a pointer is on the canvas, in the units of strokes, before the drawing is turned. */
  function place(event, rotation) {
    const box = canvas.getBoundingClientRect();
    const within = (at) => Math.min(Math.max(at, 0), 1) * CANVAS_SIDE;
    const point = [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
    return turnStrokes([[point]], -rotation)[0][0].map(tenths);
  }

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (held || event.button !== 0) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      const { digit, rotation, strokes } = shown();
      const drawing = digit < 0;
      held = {
        pointer: event.pointerId,
        stroke: [place(event, drawing ? rotation : 0)],
        room: MOST_PEN_POINTS - 1 - (drawing ? strokes.flat().length : 0),
      };
      if (held.room < 0) held = null;
      else paint();
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId !== held?.pointer) return;
      const { rotation } = shown();
      for (const each of event.getCoalescedEvents?.() ?? []) addPoint(place(each, rotation));
      addPoint(place(event, rotation));
      schedule();
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(
      end,
      (event) => {
        if (event.pointerId !== held?.pointer) return;
        const state = shown();
        held = null;
        show(state);
      },
      { signal },
    );
  }

  function addPoint([x, y]) {
    const [lastX, lastY] = held.stroke.at(-1);
    if (held.room <= 0 || Math.hypot(x - lastX, y - lastY) < PEN_STEP) return;
    held.stroke.push([x, y]);
    held.room -= 1;
  }

  let request = 0;
  function schedule() {
    request ||= requestAnimationFrame(() => {
      request = 0;
      if (!signal.aborted) paint();
    });
  }

  /** Draw what is shown, and what the networks make of it. */
  function paint() {
    const state = shown();
    const image = askedImage(state, images);
    paintPad(state);
    paintSeen(image);
    const verdict = image && askNetworks(reader, image, masks);
    fillVotes(verdict);
    fillComparison(current, verdict);
    return verdict;
  }

  /** Draw once, however many traits change at a time. */
  let drawn = true;
  function drawSoon() {
    if (!drawn) return;
    drawn = false;
    queueMicrotask(() => {
      drawn = true;
      if (!signal.aborted) draw();
    });
  }

  function draw() {
    const verdict = paint();
    const words = describeShown(shown(), labels());
    canvas.setAttribute("aria-label", words);
    result.textContent = verdict ? `${words}. ${describeVotes(verdict)}` : `${words}: draw a digit, or take one.`;
  }

  function paintPad({ digit, rotation, strokes }) {
    const pen = canvas.getContext("2d");
    const ink = colour(el, "--dl-ink");
    pen.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
    pen.clearRect(0, 0, CANVAS_SIDE, CANVAS_SIDE);
    pen.translate(CANVAS_SIDE / 2, CANVAS_SIDE / 2);
    pen.rotate((rotation * Math.PI) / 180);
    pen.translate(-CANVAS_SIDE / 2, -CANVAS_SIDE / 2);
    if (digit >= 0) {
      fillPixels(stamp, images[digit], ink);
      pen.imageSmoothingQuality = "high";
      pen.drawImage(stamp, 0, 0, CANVAS_SIDE, CANVAS_SIDE);
      return;
    }
    pen.strokeStyle = `rgb(${ink.join(" ")})`;
    pen.lineWidth = 2 * PEN_RADIUS;
    pen.lineCap = pen.lineJoin = "round";
    for (const [start, ...others] of strokes) {
      pen.beginPath();
      pen.moveTo(...start);
      for (const point of others.length ? others : [start]) pen.lineTo(...point);
      pen.stroke();
    }
  }

  function paintSeen(image) {
    fillPixels(seen, image ? poolPixels(image) : new Float64Array(seen.width * seen.height), colour(el, "--dl-ink"));
  }

  function fillPixels(target, values, ink) {
    const pen = target.getContext("2d");
    const pixels = pen.createImageData(target.width, target.height);
    values.forEach((value, k) => pixels.data.set([...ink, Math.round(255 * value)], 4 * k));
    pen.putImageData(pixels, 0, 0);
  }

  function fillVotes(verdict) {
    const first = verdict ? largestOf(verdict.votes) : -1;
    rows.forEach((row, digit) => {
      row.classList.toggle("dl-first", digit === first);
      counts[digit].textContent = verdict ? verdict.votes[digit] : "–";
      bars[digit].style.width = `${verdict ? (100 * verdict.votes[digit]) / masks.length : 0}%`;
      means[digit].textContent = verdict ? shareText(verdict.mean[digit]) : "–";
      wholes[digit].textContent = verdict ? shareText(verdict.whole[digit]) : "–";
    });
  }

  function fillComparison(row, verdict) {
    const cells = [...row.cells].slice(1);
    const first = verdict && largestOf(verdict.votes);
    const texts = verdict
      ? [
          `${verdict.votes[first]} for ${first}`,
          ...[verdict.voteEntropy, verdict.entropy, verdict.disagreement].map(bitsText),
        ]
      : ["–", "–", "–", "–"];
    cells.forEach((cell, i) => {
      cell.textContent = texts[i];
    });
  }

  function load() {
    reader = decodeReader(model.get("reader"));
    masks = drawCrowd(model.get("seed"), reader);
    images = unpackDigits(model.get("digits"));
    for (const { state, row } of offers) {
      const image = askedImage(state(), images);
      fillComparison(row, image && askNetworks(reader, image, masks));
    }
    draw();
  }

  onChange(model, ["reader", "seed", "digits", "scribble"], load, signal);
  onChange(model, ["digit", "rotation", "strokes"], drawSoon, signal);
  onScheme(paint, signal);
  load();
});
