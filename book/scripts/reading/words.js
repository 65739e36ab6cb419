// What the landing page says of a reading.

/** @import { Counts } from "./merge.js" */
/** @import { Chapter } from "./record.js" */

/** What a chapter holds, by name: written by the build. @typedef {{ sections: string[], predictions: string[], answers: string[] }} Contents */

/** @param {number} n @param {string} one @param {string} many */
function counted(n, one, many) {
  return `${n} ${n === 1 ? one : many}`;
}

/** How far a reader is in a chapter; empty before anything. @param {Chapter | undefined} chapter @param {Contents} contents */
export function progress(chapter, { sections, predictions, answers }) {
  if (!chapter) return "";
  const parts = [
    ["read", countOf(chapter.sections, sections), sections.length],
    [
      "predicted",
      countOf(
        chapter.predictions.filter(({ stage }) => stage === "compared"),
        predictions,
      ),
      predictions.length,
    ],
    ["answered", countOf(chapter.answers, answers), answers.length],
  ];
  if (parts.every(([, n]) => n === 0)) return "";
  return parts.flatMap(([word, n, of]) => (of ? [`${word} ${n} of ${of}`] : [])).join(" · ");
}

/** How many of some entries are still there. @param {readonly { name: string }[]} entries @param {string[]} names */
function countOf(entries, names) {
  return entries.filter(({ name }) => names.includes(name)).length;
}

/** What is kept, or was taken. @param {Counts} counts */
export function inWords({ predictions, answers, sections }) {
  const parts = [
    ...(predictions ? [counted(predictions, "prediction", "predictions")] : []),
    ...(answers ? [counted(answers, "answer", "answers")] : []),
    ...(sections ? [counted(sections, "section read", "sections read")] : []),
  ];
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}` : parts.join("");
}

/** What a file brought. @param {Counts} taken @param {number} older @param {number} strange Chapters. */
export function saidOfLoading(taken, older, strange) {
  const list = inWords(taken);
  return [
    list ? `Loaded: ${list}.` : "Nothing in that file is newer than what is here.",
    ...(list && older
      ? [`${counted(older, "entry", "entries")} in it ${older === 1 ? "is" : "are"} here already, as new or newer.`]
      : []),
    ...(strange
      ? [`${counted(strange, "chapter", "chapters")} in it ${strange === 1 ? "is" : "are"} not in this course.`]
      : []),
  ].join(" ");
}

/** What forgetting would forget. @param {Counts} counts @param {number} chapters */
export function askedBeforeForgetting(counts, chapters) {
  const list = inWords(counts) || "the place that you reached";
  return `Forget ${list}, in ${counted(chapters, "chapter", "chapters")}? Only a saved file could bring them back.`;
}
