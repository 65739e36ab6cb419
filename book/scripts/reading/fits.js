// Whether a guess of an earlier visit is one to what is asked today.

/** @import { CurvePrompt } from "../../../lib/dropoutlab/predictions/curve_chart.js" */
/** @import { ChoiceDetails } from "../../../lib/dropoutlab/predictions/choice.js" */
/** @import { Prompt } from "../../../lib/dropoutlab/predictions/frame.js" */
/** @import { NumberDetails } from "../../../lib/dropoutlab/predictions/number.js" */
/** @import { OrderDetails } from "../../../lib/dropoutlab/predictions/order.js" */
/** @import { Guess, Predicted } from "./record.js" */

/**
 * @typedef {CurvePrompt & { kind: "curve" } | Prompt & NumberDetails & { kind: "number" } |
 *   Prompt & ChoiceDetails & { kind: "choice" } | Prompt & OrderDetails & { kind: "order" }} AnyPrompt
 */

/** What a prediction asks. @param {Element} prediction @returns {AnyPrompt} */
export function promptOf(prediction) {
  return JSON.parse(prediction.querySelector(".dl-state")?.textContent ?? "{}").prompt;
}

/** What is asked, as a short name: other curves, places, units or choices have another. @param {AnyPrompt} prompt */
export function askedBy(prompt) {
  return hashOf(JSON.stringify([prompt.kind, ...parts(prompt)]));
}

/** @param {AnyPrompt} prompt */
function parts(prompt) {
  switch (prompt.kind) {
    case "curve":
      return [prompt.curves.map(({ label }) => label), prompt.names, prompt.given, prompt.writing.unit, prompt.y.ends];
    case "number":
      return [prompt.asked.map(({ label }) => label), prompt.writing.unit, prompt.axis.ends];
    case "choice":
      return [prompt.options, prompt.several];
    case "order":
      return [prompt.labels.toSorted(), prompt.ends];
  }
}

/**
 * What was guessed, if it answers what is asked: the form of the guess counts, too, since it may
 * come from a file.
 *
 * @param {AnyPrompt} prompt
 * @param {Predicted | undefined} kept
 */
export function fitting(prompt, kept) {
  if (!kept || kept.of !== askedBy(prompt) || typeof kept.assumed !== "string") return undefined;
  const { guess, stage } = kept;
  if (guess === null) return stage === "open" || stage === "shown" ? kept : undefined;
  return ["open", "compared", "shown"].includes(stage) && isGuess(prompt, guess) ? kept : undefined;
}

/** @param {AnyPrompt} prompt @param {Guess} guess */
function isGuess(prompt, guess) {
  if (prompt.kind === "choice" || prompt.kind === "order") {
    const isOrder = prompt.kind === "order";
    const offered = isOrder ? prompt.labels : prompt.options;
    if (!Array.isArray(guess) || guess.length !== offered.filter((each) => guess.includes(each)).length) return false;
    return isOrder ? guess.length === offered.length : prompt.several || guess.length === 1;
  }
  const isCurve = prompt.kind === "curve";
  const [asked, { ends, log }] = isCurve ? [prompt.curves, prompt.y] : [prompt.asked, prompt.axis];
  const room = (ends[1] - ends[0]) / 20; // a guess is rounded, and may lie a little beyond an end
  const lies = (/** @type {unknown} */ value) =>
    typeof value === "number" && value >= ends[0] - room && value <= ends[1] + room && (!log || value > 0);
  const isLine = (/** @type {unknown} */ value) =>
    isCurve &&
    Array.isArray(value) &&
    value.length === prompt.places.length &&
    value.every((each, i) => each === null || (lies(each) && !prompt.given.includes(i)));
  const ours = Array.isArray(guess) ? [] : Object.entries(guess);
  const isOurs = ours.every(
    ([label, value]) => asked.some((each) => each.label === label) && (isCurve ? isLine(value) : lies(value)),
  );
  return isOurs && ours.length > 0;
}

/** A short name for a text (FNV-1a, 32 bits). @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
