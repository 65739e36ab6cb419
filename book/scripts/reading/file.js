// The file that a reader saves, sends to somebody or loads on another machine.

import { chapterFrom } from "./cleaning.js";
import { isEmpty } from "./record.js";

/** @import { Chapter } from "./record.js" */

const [FILE, FORMAT] = ["dropout-lab-reading", 1];
export const LARGEST = 1_000_000; // bytes

const NONE = "Nothing was changed.";
const STRANGE = `That is no file that this page has saved, or it is damaged. ${NONE}`;
export const TOO_LARGE = `That file is larger than 1 MB, far more than this page saves. ${NONE}`;

/** The name of a file that is saved now. @param {Date} now */
export function fileName(now) {
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${FILE}-${now.getFullYear()}-${month}-${day}.json`;
}

/** The text of a file: indented, with the numbers of a list in one line. @param {readonly Chapter[]} chapters @param {Date} now */
export function fileOf(chapters, now) {
  const sorted = chapters.toSorted((a, b) => (a.page < b.page ? -1 : 1));
  const text = JSON.stringify({ file: FILE, version: FORMAT, saved: now.toISOString(), chapters: sorted }, null, 2);
  const number = String.raw`(?:-?[\d.]+(?:e[+-]?\d+)?|null)`;
  return `${text.replace(RegExp(`\\[\\s+${number}(?:,\\s+${number})*\\s+\\]`, "g"), (list) => list.replace(/\s+/g, " "))}\n`;
}

/**
 * What stands in a file.
 *
 * @param {string} text
 * @returns {{ chapters: Chapter[] } | { problem: string }} The problem is a sentence for the reader.
 */
export function readFile(text) {
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: STRANGE };
  }
  if (value?.file !== FILE || !Array.isArray(value.chapters)) return { problem: STRANGE };
  if (value.version > FORMAT) return { problem: `That file comes from a newer version of this course. ${NONE}` };
  if (value.version !== FORMAT) return { problem: STRANGE };
  /** @type {Map<string, Chapter>} */
  const found = new Map();
  for (const each of value.chapters) {
    const chapter = chapterFrom(each);
    if (chapter && !isEmpty(chapter)) found.set(chapter.page, chapter);
  }
  return found.size ? { chapters: [...found.values()] } : { problem: `There is no reading in that file. ${NONE}` };
}
