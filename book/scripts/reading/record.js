// What is kept of the reading of one chapter.

/** A guess, as predictions write it. @typedef {Record<string, number | (number | null)[]> | string[]} Guess */

/** @typedef {{ name: string, at: string }} Entry What it is about, in its page; when it last changed, in UTC. */

/** @typedef {Entry & { title: string }} Reached A section. */

/** @typedef {Entry & { question: string, choice: number, answer: string, right: boolean }} Answered A quiz. */

/**
 * A prediction. `of` says what the guess is about: fits.js.
 *
 * @typedef {Entry & { question: string, stage: "open" | "compared" | "shown", guess: Guess | null, sentence: string,
 *   assumed: string, of: string }} Predicted
 */

/**
 * @typedef {object} Chapter
 * @property {string} page
 * @property {string} chapter Number and title.
 * @property {Reached | null} place Where the reader was last.
 * @property {Reached[]} sections Those that were read.
 * @property {Predicted[]} predictions
 * @property {Answered[]} answers
 */

/** @param {string} page @param {string} chapter @returns {Chapter} */
export function emptyChapter(page, chapter) {
  return { page, chapter, place: null, sections: [], predictions: [], answers: [] };
}

/** Whether anything is kept. @param {Chapter} chapter */
export function isEmpty({ place, sections, predictions, answers }) {
  return !place && !sections.length && !predictions.length && !answers.length;
}

/**
 * A list with an entry, in place of the one of its name.
 *
 * @template {Entry} One
 * @param {readonly One[]} list
 * @param {One} entry
 */
export function withEntry(list, entry) {
  return [...without(list, entry.name), entry];
}

/**
 * @template {Entry} One
 * @param {readonly One[]} list
 * @param {string} name
 */
export function without(list, name) {
  return list.filter((each) => each.name !== name);
}

/** Whether a value has the form of a chapter. What a page says it asked is looked at in fits.js. @param {any} value @returns {value is Chapter} */
export function isChapter(value) {
  const { place, sections, predictions, answers } = value ?? {};
  const hasName = (/** @type {any} */ entry) => typeof entry?.name === "string";
  return [sections, predictions, answers, place ? [place] : []].every(
    (list) => Array.isArray(list) && list.every(hasName),
  );
}
