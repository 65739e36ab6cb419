// Where the reading is kept: in this browser alone, under one key for each page, so that two tabs
// with two chapters do not overwrite one another.

import { isChapter, isEmpty } from "./record.js";

/** @import { Chapter } from "./record.js" */

const VERSION = 1;

/** What is needed of localStorage. @typedef {Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">} Place */

/** @typedef {ReturnType<typeof storeAt>} Store */

/** The store of the site that a page belongs to: pages from disk share one with all others. */
export function ownStore() {
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href).pathname;
  return storeAt(root, () => localStorage);
}

/**
 * @param {string} root The path of the site.
 * @param {() => Place} open May be refused.
 */
export function storeAt(root, open) {
  const prefix = `dropout-lab reading ${root} `;

  /** What a text says of a page, if it can be read. @param {string | null} text @param {string} page @returns {Chapter | undefined} */
  const parsed = (text, page) =>
    tried(() => {
      const value = JSON.parse(text ?? "");
      return value.version === VERSION && value.page === page && isChapter(value) ? value : undefined;
    }, undefined);

  return {
    prefix,
    open,
    /** @param {string} page */
    read: (page) => tried(() => parsed(open().getItem(prefix + page), page), undefined),
    /** @param {Chapter} chapter @returns {boolean} Whether it is kept. */
    write: (chapter) =>
      tried(() => {
        const place = open();
        const key = prefix + chapter.page;
        const old = place.getItem(key);
        // Another version may know how to read it.
        if (old !== null && !parsed(old, chapter.page)) place.setItem(`${key} unread`, old);
        if (isEmpty(chapter)) place.removeItem(key);
        else place.setItem(key, JSON.stringify({ ...chapter, version: VERSION }));
        return true;
      }, false),
  };
}

/**
 * What comes of something that the browser may refuse.
 *
 * @template Result
 * @param {() => Result} does
 * @param {Result} otherwise
 */
export function tried(does, otherwise) {
  try {
    return does();
  } catch {
    return otherwise;
  }
}
