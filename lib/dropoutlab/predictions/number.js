// Numbers to guess: each a point on a scale, set with pointer, finger or keys.

import { assign, element, place, svg } from "../explorables/shared/controls.js";
import { axisLine } from "./axis_line.js";
import { isInside } from "./gaps.js";
import { stepped, widthOf, within } from "./steps.js";
import { capital, rounded, written } from "./words.js";

/** @import { Axis } from "../explorables/shared/chart.js" */
/** @import { Scene } from "../explorables/shared/lifecycle.js" */
/** @import { Part, Prompt, Traits } from "./frame.js" */
/** @import { Measure } from "./gaps.js" */
/** @import { Writing } from "./words.js" */

/** @typedef {{ label: string, measured: Measure, words: string }} Asked One number; alone it needs no label. */

/** @typedef {{ axis: Axis, asked: Asked[], writing: Writing, basis: string }} NumberDetails */

/** By label; the label of one alone is empty. @typedef {Record<string, number>} NumberGuess */

/**
 * The comparison in words: expected and measured, and whether the guess lies inside.
 *
 * @param {NumberDetails} prompt
 * @param {NumberGuess} guess
 */
export function describeNumbers({ asked, writing }, guess) {
  const sentences = asked.flatMap(({ label, measured, words }) => {
    if (guess[label] === undefined) return [];
    const expected = written(guess[label], writing);
    const [, low, high] = measured;
    const side = isInside(guess[label], measured) ? "inside" : "outside";
    const verdict = low < high ? ` Your guess lies ${side} the interval.` : "";
    return [`${capital(label ? `${label}: you` : "you")} expected ${expected}; measured ${words}.${verdict}`];
  });
  return sentences.join(" ");
}

/**
 * @param {Scene<Traits<NumberGuess>>} scene
 * @returns {Part<NumberGuess>}
 */
export function numberPart({ model, el, signal }) {
  const prompt = /** @type {Prompt & NumberDetails} */ (model.get("prompt"));
  const { axis, asked, writing, basis } = prompt;
  const view = element("div", { class: "dl-numbers" });
  const isOpen = () => model.get("stage") === "open";
  const guessed = (/** @type {string} */ label) => model.get("guess")?.[label];
  const keep = (/** @type {string} */ label, /** @type {number} */ value) => {
    const kept = rounded(within(value, axis.ends), writing);
    if (isOpen() && kept !== guessed(label)) assign(model, "guess", { ...model.get("guess"), [label]: kept });
  };
  const rows = asked.map((one) => numberRow(one, prompt, { isOpen, guessed, keep }, signal));
  view.append(...rows.map((row) => row.view));
  for (const row of rows) row.fit(widthOf(el));
  const draw = () => {
    for (const row of rows) row.draw();
  };
  const watching = new ResizeObserver(() => {
    for (const row of rows) row.fit(widthOf(view));
    draw();
  });
  watching.observe(view);
  signal.addEventListener("abort", () => watching.disconnect());
  return {
    view,
    help: `Set your guess on the scale${axis.log ? ", which is logarithmic" : ""}: press or drag, or use the arrow keys.`,
    hollow: "Hollow: your guess.",
    missing: () => asked.filter(({ label }) => guessed(label) === undefined),
    legend: `Full: measured${basis && `, with its interval (${basis})`}.`,
    draw,
    compare: (guess) => describeNumbers(prompt, guess),
    answer: asked
      .map(({ label, words }) => `${label ? `${capital(label)}: measured` : "Measured"} ${words}.`)
      .join(" "),
  };
}

/**
 * One number: its name, what was guessed, and the scale.
 *
 * @param {Asked} one
 * @param {Prompt & NumberDetails} prompt
 * @param {{ isOpen: () => boolean, guessed: (label: string) => number | undefined, keep: (label: string, value: number) => void }} does
 * @param {AbortSignal} signal
 */
function numberRow({ label, measured }, { axis, writing, question }, { isOpen, guessed, keep }, signal) {
  const name = element("span", { class: "dl-name" }, capital(label || "your guess"));
  const shown = element("span", { class: "dl-value", "aria-hidden": "true" });
  const canvas = element("div", {
    class: "dl-scale",
    role: "slider",
    tabindex: "0",
    "aria-label": label ? `${question} ${label}` : question,
    "aria-valuemin": axis.ends[0],
    "aria-valuemax": axis.ends[1],
  });
  let line = axisLine(axis, 340);
  const middle = () => line.scale.value((line.scale.place(axis.ends[0]) + line.scale.place(axis.ends[1])) / 2);

  const draw = () => {
    const [value, open] = [guessed(label), isOpen()];
    const standing = value ?? rounded(middle(), writing);
    shown.textContent = value === undefined ? "–" : written(value, writing);
    place(canvas, {
      "aria-valuenow": standing,
      "aria-valuetext": value === undefined ? "nothing chosen yet" : written(value, writing),
      "aria-disabled": !open,
    });
    const at = line.scale.place(standing);
    const knob = svg("circle", { class: `dl-knob${value === undefined ? " dl-blank" : ""}`, cx: at, cy: 20, r: 9 });
    line.marks.replaceChildren(knob, ...(open ? [] : answer()));
    canvas.replaceChildren(line.drawing);
  };
  const answer = () => {
    const [at, low, high] = measured.map((value) => line.scale.place(within(value, axis.ends)));
    return [
      svg("path", { class: "dl-span", d: `M${low.toFixed(1)} 20H${high.toFixed(1)}` }),
      svg("circle", { class: "dl-measured", cx: at, cy: 20, r: 5 }),
    ];
  };
  const press = (/** @type {PointerEvent} */ event) => {
    if (event.type === "pointerdown") {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
    } else if (!canvas.hasPointerCapture(event.pointerId)) return;
    const box = line.drawing.getBoundingClientRect();
    keep(label, line.scale.value(((event.clientX - box.left) * line.width) / box.width));
  };
  canvas.addEventListener("pointerdown", press, { signal });
  canvas.addEventListener("pointermove", press, { signal });
  const obey = (/** @type {KeyboardEvent} */ event) => {
    const value = guessed(label);
    const standing = value ?? rounded(middle(), writing);
    const next = stepped(event.key, standing, line.scale, axis.ends, writing);
    if (next === undefined || !isOpen()) return;
    keep(label, next);
    event.preventDefault();
  };
  canvas.addEventListener("keydown", obey, { signal });
  const fit = (/** @type {number} */ width) => {
    if (width) line = axisLine(axis, width);
  };
  return { view: element("div", { class: "dl-number" }, name, shown, canvas), draw, fit };
}
