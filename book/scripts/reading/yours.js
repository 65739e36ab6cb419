// "Your predictions", at the end of a chapter: each guess beside what was measured, small.
// Loaded when the reader comes near.

import { element, svg } from "../../../lib/dropoutlab/explorables/shared/controls.js";
import { axisLine } from "../../../lib/dropoutlab/predictions/axis_line.js";
import { describeChoice } from "../../../lib/dropoutlab/predictions/choice.js";
import { describeCurves } from "../../../lib/dropoutlab/predictions/curve.js";
import { CurveChart } from "../../../lib/dropoutlab/predictions/curve_chart.js";
import { sample } from "../../../lib/dropoutlab/predictions/marks.js";
import { describeNumbers } from "../../../lib/dropoutlab/predictions/number.js";
import { describeOrder } from "../../../lib/dropoutlab/predictions/order.js";
import { within } from "../../../lib/dropoutlab/predictions/steps.js";
import { capital, unbroken } from "../../../lib/dropoutlab/predictions/words.js";
import { fitting, promptOf } from "./fits.js";

/** @import { CurveGuess, CurvePrompt } from "../../../lib/dropoutlab/predictions/curve_chart.js" */
/** @import { NumberDetails, NumberGuess } from "../../../lib/dropoutlab/predictions/number.js" */
/** @import { AnyPrompt } from "./fits.js" */
/** @import { Chapter, Guess, Predicted } from "./record.js" */

const SMALL = 340; // of a drawing, in pixels: styles may make it smaller
const LEGEND = "Hollow: your guess. Full: measured, with its interval where it has one.";

let drawnFor = "";

/**
 * Draw the section anew, unless it would be the same: who is at a link in it stays there.
 *
 * @param {HTMLElement} place
 * @param {Element} article
 * @param {Chapter} chapter
 */
function drawYours(place, article, { predictions }) {
  const now = JSON.stringify(predictions);
  if (now === drawnFor) return;
  drawnFor = now;
  const list = element("ol", { class: "yours-list" });
  let [some, drawn] = [false, false];
  for (const prediction of article.querySelectorAll("[data-question]")) {
    const prompt = promptOf(prediction);
    const kept = fitting(
      prompt,
      predictions.find(({ name }) => name === prompt.slug),
    );
    const row = rowOf(prediction, prompt, kept);
    list.append(row);
    some ||= row.dataset.stage !== "open";
    drawn ||= row.querySelector(".yours-drawing") !== null;
  }
  const legend = drawn ? [element("p", { class: "yours-legend" }, LEGEND)] : [];
  const before = place.querySelector(".yours-body");
  before?.replaceChildren(...(some ? [...legend, list] : []));
  place.classList.toggle("yours-some", some);
}

/**
 * @param {Element} prediction
 * @param {AnyPrompt} prompt
 * @param {Predicted | undefined} kept
 */
function rowOf(prediction, prompt, kept) {
  const { stage = "open", guess = null, assumed = "" } = kept ?? {};
  const question = /** @type {Element | undefined} */ (prediction.querySelector(".dl-question")?.cloneNode(true));
  const link = element("a", { href: `#${prediction.id}` }, ...(question?.childNodes ?? [prompt.question]));
  const isMade = stage === "compared" && guess !== null;
  const said = isMade
    ? sentenceOf(prompt, guess)
    : stage === "open"
      ? "Not yet."
      : "You had it shown, without a guess.";
  return element(
    "li",
    { "data-stage": stage },
    element("p", { class: "yours-question" }, link),
    ...(isMade ? drawingOf(prompt, guess) : []),
    element("p", { class: "yours-said" }, unbroken(said)),
    ...(isMade && assumed ? [element("p", { class: "yours-assumed" }, `You assumed: ${assumed}`)] : []),
  );
}

/** The comparison in words. @param {AnyPrompt} prompt @param {Guess} guess */
export function sentenceOf(prompt, guess) {
  if (prompt.kind === "curve") return describeCurves(prompt, /** @type {CurveGuess} */ (guess));
  if (prompt.kind === "number") return describeNumbers(prompt, /** @type {NumberGuess} */ (guess));
  const chosen = /** @type {string[]} */ (guess);
  return prompt.kind === "choice" ? describeChoice(prompt, chosen) : describeOrder(prompt, chosen);
}

/** A drawing, where a guess is one. The sentence below says the same. @param {AnyPrompt} prompt @param {Guess} guess */
function drawingOf(prompt, guess) {
  const inside =
    prompt.kind === "curve"
      ? curveDrawing(prompt, /** @type {CurveGuess} */ (guess))
      : prompt.kind === "number"
        ? numberDrawing(prompt, /** @type {NumberGuess} */ (guess))
        : [];
  const names = "yours-drawing dl-out dl-live dl-predicting"; // whose colours and lines they are
  return inside.length ? [element("div", { class: names, "data-state": "compared" }, ...inside)] : [];
}

/** @param {CurvePrompt} prompt @param {CurveGuess} guess */
function curveDrawing(prompt, guess) {
  const { curves, places, given } = prompt;
  const view = new CurveChart(prompt, SMALL);
  const made = curves.map(({ label, measured }) =>
    places.map((k, i) => (given.includes(i) ? measured[k][0] : (guess[label]?.[i] ?? null))),
  );
  view.drawGuess(
    made,
    0,
    curves.map(() => -1),
    false,
  );
  view.drawAnswer(undefined);
  for (const handle of view.handles.flat()) {
    for (const name of handle.getAttributeNames()) {
      if (name !== "transform" && name !== "class") handle.removeAttribute(name); // nothing to move here
    }
  }
  const { drawing } = view.chart;
  for (const name of ["role", "aria-label"]) drawing.removeAttribute(name);
  drawing.setAttribute("aria-hidden", "true");
  const names = curves.map(({ label, look }) => element("span", {}, sample(look), label));
  const legend = curves.length > 1 ? [element("p", { class: "yours-names" }, ...names)] : [];
  return [element("div", { class: "dl-canvas" }, drawing), ...legend];
}

/** @param {NumberDetails} prompt @param {NumberGuess} guess */
function numberDrawing({ asked, axis }, guess) {
  return asked.flatMap(({ label, measured }) => {
    if (guess[label] === undefined) return [];
    const line = axisLine(axis, SMALL);
    const [at, low, high] = measured.map((value) => line.scale.place(within(value, axis.ends)));
    line.marks.append(
      svg("path", { class: "dl-span", d: `M${low.toFixed(1)} 20H${high.toFixed(1)}` }),
      svg("circle", { class: "dl-measured", cx: at, cy: 20, r: 5 }),
      svg("circle", { class: "dl-knob", cx: line.scale.place(within(guess[label], axis.ends)), cy: 20, r: 9 }),
    );
    const name = label ? [element("p", { class: "yours-names" }, capital(label))] : [];
    return [...name, element("div", { class: "dl-scale" }, line.drawing)];
  });
}

Object.assign(globalThis, { dropoutlabYours: drawYours });
