// Answers that wait, and how the page gets back what it was.

/** @import { Kind } from "./cut.js" */
/** @import { Place } from "./blocks.js" */

/** What is hidden of an answer, where not all of it is. @type {Partial<Record<Kind, string>>} */
const HIDDEN = { claim: ".dl-evidence, .dl-paper", table: "td" };

/** What undoes something. @typedef {() => void} Undo */

/**
 * Which elements a veil covers. A quiz and a solution veil themselves.
 *
 * @param {Place} place
 * @returns {Element[]}
 */
export function covered({ kind, element }) {
  if (kind === "quiz" || kind === "solution") return [];
  const part = HIDDEN[kind];
  return part ? [...element.querySelectorAll(part)] : [element];
}

/**
 * Show the answer that a place keeps by itself, as its reader would.
 *
 * @param {Place} place
 * @returns {Undo | undefined}
 */
export function show({ kind, element }) {
  if (kind === "quiz") return answerRight(element);
  if (kind === "solution") return unfold([/** @type {HTMLDetailsElement} */ (element)]);
  if (kind === "prediction") return compare(element);
  return undefined;
}

/** Open what is folded. @param {HTMLDetailsElement[]} folds @returns {Undo} */
export function unfold(folds) {
  const closed = folds.filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
  return () => {
    for (const fold of closed) fold.open = false;
  };
}

/** Mark the right answer of a quiz. Nobody is told: the reader has not answered. @param {HTMLElement} element @returns {Undo | undefined} */
function answerRight(element) {
  const inputs = [...element.querySelectorAll("input")];
  const right = element.querySelector(".dl-right input");
  if (!(right instanceof HTMLInputElement) || right.checked) return undefined;
  const before = inputs.find((input) => input.checked);
  right.checked = true;
  return () => {
    right.checked = false;
    if (before) before.checked = true;
  };
}

/** Compare, if there is a guess, else show. @param {HTMLElement} element @returns {Undo | undefined} */
function compare(element) {
  const prediction = /** @type {HTMLElement} */ (element.querySelector("[data-prediction]"));
  if (prediction.dataset.state !== "open") return undefined;
  const guessed = prediction.querySelector(".dl-compare:not(:disabled)") !== null;
  const restore = (/** @type {string} */ stage) =>
    prediction.dispatchEvent(new CustomEvent("dl-restore", { detail: { stage } }));
  restore(guessed ? "compared" : "shown");
  // A guess that was compared stays so: it was the reader's.
  return () => prediction.dataset.state === "shown" && restore("open");
}
