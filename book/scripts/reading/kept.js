// The record of the page that is open, for all who read it or change it.

import { emptyChapter } from "./record.js";

/** @import { Chapter } from "./record.js" */
/** @import { Store } from "./store.js" */

/** @typedef {ReturnType<typeof keptOf>} Kept */

const REFUSED = "This browser keeps nothing of this page: what you say here is gone when you leave.";

/** Whether the page is a talk at the moment. */
export const inTalk = () => "presenting" in document.documentElement.dataset;

/**
 * @param {string} page
 * @param {string} chapter Number and title.
 * @param {Store} store
 * @param {() => void} changed Called after each change, wherever it was made.
 */
export function keptOf(page, chapter, store, changed) {
  /** @type {Chapter | undefined} What the browser refused to keep; it lasts as long as the page. */
  let unkept;
  let said = false;
  const get = () => unkept ?? store.read(page) ?? emptyChapter(page, chapter);
  return {
    get,
    /**
     * Change the record. If the browser refuses to keep it, the page says so once.
     *
     * @param {(before: Chapter) => Partial<Chapter>} make
     * @param {Element} [near] What the reader has just done.
     */
    change(make, near) {
      const before = get();
      const next = { ...before, chapter, ...make(before) };
      unkept = store.write(next) ? undefined : next;
      if (unkept && near && !said) {
        said = true;
        const note = document.createElement("p");
        note.className = "kept-refused";
        note.role = "status";
        note.textContent = REFUSED;
        near.after(note);
      }
      changed();
    },
  };
}
