// Two readings become one: of each thing the newer word wins.

import { withEntry } from "./record.js";

/** @import { Chapter, Entry } from "./record.js" */

/** How many of each kind. @typedef {{ predictions: number, answers: number, sections: number }} Counts */

const LISTS = /** @type {const} */ (["predictions", "answers", "sections"]);

/** @param {readonly Chapter[]} chapters @returns {Counts} */
export function countsOf(chapters) {
  const [predictions, answers, sections] = LISTS.map((list) =>
    chapters.reduce((sum, chapter) => sum + chapter[list].length, 0),
  );
  return { predictions, answers, sections };
}

/**
 * What is here together with what comes.
 *
 * @param {readonly Chapter[]} mine
 * @param {readonly Chapter[]} theirs
 * @returns {{ chapters: Chapter[], taken: Counts, older: number }} The chapters that change, what was taken of what
 *   comes, and how much of it is here as new or newer.
 */
export function merged(mine, theirs) {
  const taken = { predictions: 0, answers: 0, sections: 0 };
  let older = 0;
  const chapters = theirs.map((coming) => {
    const here = mine.find(({ page }) => page === coming.page);
    if (!here) {
      for (const list of LISTS) taken[list] += coming[list].length;
      return coming;
    }
    const lists = LISTS.map((list) => {
      const { all, newer } = newest(here[list], coming[list]);
      taken[list] += newer;
      older += coming[list].length - newer;
      return [list, all];
    });
    const place = isNewer(coming.place, here.place) ? coming.place : here.place;
    return /** @type {Chapter} */ ({ ...here, place, ...Object.fromEntries(lists) });
  });
  return { chapters, taken, older };
}

/** @param {readonly Entry[]} here @param {readonly Entry[]} coming */
function newest(here, coming) {
  let all = [...here];
  let newer = 0;
  for (const entry of coming) {
    if (!isNewer(entry, here.find(({ name }) => name === entry.name) ?? null)) continue;
    all = withEntry(all, entry);
    newer++;
  }
  return { all, newer };
}

/** @param {Entry | null} one @param {Entry | null} other Both dates have one form. */
function isNewer(one, other) {
  return one !== null && (other === null || one.at > other.at);
}
