// What comes from a file is taken apart, and put together again from what has the right form.

/** @import { Answered, Chapter, Entry, Guess, Predicted, Reached } from "./record.js" */

/** A value of which nothing is known. @typedef {any} Unknown */

const [MOST, LONGEST] = [200, 2000]; // entries of a list; letters of a text

/** @param {Unknown} value @returns {Chapter | undefined} What has the form of a chapter, as far as it has. */
export function chapterFrom(value) {
  if (!isObject(value) || !isText(value.page) || !/^[\w./-]+$/.test(value.page)) return undefined;
  return {
    page: value.page,
    chapter: textOf(value.chapter),
    place: reached(value.place) ?? null,
    sections: listOf(value.sections, reached),
    predictions: listOf(value.predictions, predicted),
    answers: listOf(value.answers, answered),
  };
}

/** @param {Unknown} value @returns {Reached | undefined} */
function reached(value) {
  const entry = entryOf(value);
  return entry && { ...entry, title: textOf(value.title) };
}

/** @param {Unknown} value @returns {Answered | undefined} */
function answered(value) {
  const entry = entryOf(value);
  if (!entry || !Number.isInteger(value.choice) || value.choice < 0) return undefined;
  const { choice, right } = value;
  return { ...entry, question: textOf(value.question), choice, answer: textOf(value.answer), right: right === true };
}

/** @param {Unknown} value @returns {Predicted | undefined} */
function predicted(value) {
  const entry = entryOf(value);
  const guess = entry && guessOf(value.guess);
  if (guess === undefined || !["open", "compared", "shown"].includes(value.stage)) return undefined;
  if (value.stage === "compared" && !guess) return undefined;
  const [question, sentence, assumed] = [textOf(value.question), textOf(value.sentence), textOf(value.assumed)];
  return {
    .../** @type {Entry} */ (entry),
    question,
    stage: value.stage,
    guess,
    sentence,
    assumed,
    of: textOf(value.of),
  };
}

/** @param {Unknown} value @returns {Entry | undefined} */
function entryOf(value) {
  if (!isObject(value) || !isText(value.name) || !isText(value.at)) return undefined;
  const time = Math.min(Date.parse(value.at), Date.now()); // what says to come from the future would win for ever
  return Number.isNaN(time) ? undefined : { name: value.name, at: new Date(time).toISOString() };
}

/** @param {Unknown} value @returns {Guess | null | undefined} */
function guessOf(value) {
  if (value === null) return null;
  if (Array.isArray(value)) return value.length <= MOST && value.every(isText) ? value : undefined;
  const isNumber = (/** @type {Unknown} */ each) => Number.isFinite(each);
  const isCurve = (/** @type {Unknown} */ each) =>
    Array.isArray(each) && each.length <= MOST && each.every((height) => height === null || isNumber(height));
  const ours = isObject(value) ? Object.entries(value) : [];
  return ours.length && ours.every(([, each]) => isNumber(each) || isCurve(each))
    ? Object.fromEntries(ours)
    : undefined;
}

/**
 * @template {Entry} One
 * @param {Unknown} value
 * @param {(one: Unknown) => One | undefined} from
 */
function listOf(value, from) {
  /** @type {Map<string, One>} */
  const found = new Map();
  for (const each of Array.isArray(value) ? value.slice(0, MOST) : []) {
    const one = from(each);
    if (one) found.set(one.name, one);
  }
  return [...found.values()];
}

/** @param {Unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {Unknown} value */
function isText(value) {
  return typeof value === "string" && value !== "" && value.length <= LONGEST;
}

/** @param {Unknown} value @returns {string} */
function textOf(value) {
  return isText(value) ? value : "";
}
