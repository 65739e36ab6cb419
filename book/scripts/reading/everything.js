// All that is kept of a site, at once.

import { tried } from "./store.js";

/** @import { Chapter } from "./record.js" */
/** @import { Store } from "./store.js" */

/** What is kept, by key, readable or not; undefined where the browser refuses. @param {Store} store */
export function textsOf({ prefix, open }) {
  return tried(() => {
    const place = open();
    const keys = Array.from({ length: place.length }, (_, i) => place.key(i) ?? "");
    return new Map(keys.filter((key) => key.startsWith(prefix)).map((key) => [key, place.getItem(key) ?? ""]));
  }, undefined);
}

/** Every chapter that can be read. @param {Store} store @returns {Chapter[]} */
export function allOf(store) {
  const keys = [...(textsOf(store)?.keys() ?? [])];
  return keys.flatMap((key) => store.read(key.slice(store.prefix.length)) ?? []);
}

/** Write some chapters, all of them or none. @param {Store} store @param {readonly Chapter[]} chapters */
export function writeAll(store, chapters) {
  const before = textsOf(store);
  if (chapters.every((chapter) => store.write(chapter))) return true;
  forgetAll(store);
  for (const [key, text] of before ?? []) tried(() => store.open().setItem(key, text), undefined);
  return false;
}

/** Forget all of it, and what could not be read, too. @param {Store} store */
export function forgetAll(store) {
  for (const key of textsOf(store)?.keys() ?? []) tried(() => store.open().removeItem(key), undefined);
}
