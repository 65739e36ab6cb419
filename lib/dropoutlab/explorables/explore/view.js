// A figure with a control for each argument of the Python function that draws it. A kernel
// draws it anew; without one, images of all settings lie beside the page.

import { choice, element, onChange, slider } from "../shared/controls.js";
import { colour, explorable, onScheme } from "../shared/lifecycle.js";

const PATIENCE = 5000; // milliseconds until we say that a kernel does not answer
const SETTLED = 400; // milliseconds without a move until the figure is read out

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */

/**
 * A position has a place for each control. With a kernel `frame` is what it drew last; without
 * one `frames` are the addresses of all figures, null for the one in the page, `alts` their words.
 *
 * @typedef {number[]} Position
 * @typedef {{ label: string, kind: "slider" | "choice", values: string[] }} Control
 * @typedef {{ svg: string, alt: string, shows: Position, at: Position, problem: string }} Frame
 * @typedef {{ at: Position, controls: Control[], frame?: Frame, frames?: (string | null)[], alts: string[] }} Traits
 */

/**
 * What both ways of getting figures are given: how to show one, a note to the reader, and a
 * position in words.
 *
 * @typedef {object} Stage
 * @property {(figure: Element | null, alt: string) => void} show
 * @property {(text: string) => void} say
 * @property {(at: Position) => string} words
 */

/**
 * The place of a position in the list of all; the last control moves fastest.
 *
 * @param {Position} at
 * @param {number[]} sizes
 */
export function indexOf(at, sizes) {
  return at.reduce((index, place, i) => index * sizes[i] + place, 0);
}

/**
 * The positions that one step of one control leads to.
 *
 * @param {Position} at
 * @param {number[]} sizes
 */
export function neighbours(at, sizes) {
  return at.flatMap((place, i) =>
    [place - 1, place + 1].filter((to) => to >= 0 && to < sizes[i]).map((to) => at.with(i, to)),
  );
}

/**
 * The part of the model that one control moves: its place in `at`.
 *
 * @param {Model<Traits>} model
 * @param {number} i
 * @returns {Model<{ at: number }>}
 */
function entry(model, i) {
  return {
    get: () => model.get("at")[i],
    set: (_, place) => model.set("at", model.get("at").with(i, place)),
    on: (event, listener) => model.on(event, listener),
    off: (event, listener) => model.off(event, listener),
    save_changes: () => model.save_changes(),
  };
}

/**
 * Show what the kernel drew last, and say so where that is not what was asked for.
 *
 * @param {Scene<Traits>} scene
 * @param {Stage} stage
 * @param {() => Frame} frame
 */
function fromKernel({ model, signal }, { show, say, words }, frame) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  const wait = () => {
    clearTimeout(patience);
    if (String(frame().at) === String(model.get("at"))) return;
    patience = setTimeout(() => {
      const still = `The figure still shows ${words(frame().shows)}.`;
      say(`The kernel does not answer: it is busy, or it was restarted. ${still}`);
    }, PATIENCE);
  };
  let shown = "";
  const arrived = () => {
    const { svg, alt, shows, problem } = frame();
    if (svg !== shown) {
      const holder = element("div");
      holder.innerHTML = svg;
      show(holder.firstElementChild, alt);
      shown = svg;
    }
    say(problem && `${problem}. The figure still shows ${words(shows)}.`);
    wait();
  };
  onChange(model, ["frame"], arrived, signal);
  onChange(model, ["at"], wait, signal);
  signal.addEventListener("abort", () => clearTimeout(patience));
  arrived();
}

/**
 * Load the image of the chosen setting, and those that one step leads to.
 *
 * @param {Scene<Traits>} scene
 * @param {Stage} stage
 * @param {(string | null)[]} frames
 */
function fromFiles({ model, el, signal }, { show, say, words }, frames) {
  const sizes = model.get("controls").map(({ values }) => values.length);
  /** @type {Map<string, HTMLImageElement>} */
  const ahead = new Map();
  let shows = model.get("at");
  let asked = 0;
  let arrived = 0;
  const load = (/** @type {string} */ address) => {
    const isDark = colour(el, "--dl-ink").reduce((sum, channel) => sum + channel) > 384;
    const image = new Image();
    image.src = address + (isDark ? "#dark" : "");
    return image;
  };
  const lookAhead = () => {
    for (const at of neighbours(model.get("at"), sizes)) {
      const address = frames[indexOf(at, sizes)];
      if (address && !ahead.has(address)) ahead.set(address, load(address));
    }
  };
  const choose = () => {
    const at = model.get("at");
    const turn = ++asked;
    const [address, alt] = [frames, model.get("alts")].map((list) => list[indexOf(at, sizes)]);
    const turnsUp = (/** @type {HTMLImageElement | null} */ image) => {
      if (turn < arrived) return;
      [arrived, shows] = [turn, at];
      el.classList.toggle("dl-first", image === null);
      show(image, String(alt));
      if (turn === asked) say("");
      lookAhead();
    };
    if (!address) {
      turnsUp(null); // it stands in the page
      return;
    }
    const image = load(address);
    image.alt = String(alt);
    image.addEventListener("load", () => turnsUp(image), { signal });
    const failed = () => {
      if (turn !== asked) return;
      say(`The figure for ${words(at)} could not be loaded. Above still stands ${words(shows)}.`);
    };
    image.addEventListener("error", failed, { signal });
  };
  el.classList.add("dl-first");
  onChange(model, ["at"], choose, signal);
  onScheme(choose, signal);
  for (const reach of ["pointerover", "focusin"]) el.addEventListener(reach, lookAhead, { once: true, signal });
}

/** Where the figure stands, and what is said of it; `alt` says what is there at first. */
function makeStage(/** @type {string} */ alt, /** @type {AbortSignal} */ signal) {
  const picture = element("div", { class: "dl-frame" });
  const note = element("p", { class: "dl-note", role: "status" });
  const spoken = element("p", { class: "dl-spoken", role: "status" });
  let said = alt;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settled;
  signal.addEventListener("abort", () => clearTimeout(settled));
  return {
    picture,
    below: [note, spoken],
    show(/** @type {Element | null} */ figure, /** @type {string} */ words) {
      picture.replaceChildren(...(figure ? [figure] : []));
      if (words === said) return;
      said = words;
      clearTimeout(settled);
      settled = setTimeout(() => {
        spoken.textContent = words;
      }, SETTLED);
    },
    say(/** @type {string} */ text) {
      if (note.textContent !== text) note.textContent = text;
    },
  };
}

/** @param {Scene<Traits>} scene */
function build(scene) {
  const { model, el, signal } = scene;
  const controls = model.get("controls");
  const [frame, frames] = [model.get("frame"), model.get("frames")];
  const sizes = controls.map(({ values }) => values.length);
  const { picture, below, show, say } = makeStage(
    frames ? model.get("alts")[indexOf(model.get("at"), sizes)] : String(frame?.alt),
    signal,
  );
  const bound = controls.map(({ label, kind, values }, i) => {
    const options = { label, values: values.map((_, place) => place), format: (/** @type {number} */ k) => values[k] };
    return (kind === "slider" ? slider : choice)(entry(model, i), "at", options, signal);
  });
  el.classList.add("dl-explore");
  el.append(picture, element("div", { class: "dl-controls" }, ...bound), ...below);
  const words = (/** @type {Position} */ at) =>
    controls.map(({ label, values }, i) => `${label} ${values[at[i]]}`).join(", ");
  if (frames) fromFiles(scene, { show, say, words }, frames);
  else fromKernel(scene, { show, say, words }, () => /** @type {Frame} */ (model.get("frame")));
}

export default explorable(build);
