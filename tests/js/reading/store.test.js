// Where the reading is kept: each page by itself, each site by itself, and nothing is destroyed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { allOf, forgetAll, textsOf, writeAll } from "../../../book/scripts/reading/everything.js";
import { emptyChapter } from "../../../book/scripts/reading/record.js";
import { storeAt } from "../../../book/scripts/reading/store.js";

/** A localStorage in which the browser leaves that much room. @param {number} room Letters. */
function storageOf(room = Infinity) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  return {
    texts,
    get length() {
      return texts.size;
    },
    key: (/** @type {number} */ i) => [...texts.keys()][i] ?? null,
    getItem: (/** @type {string} */ key) => texts.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => void texts.delete(key),
    setItem(/** @type {string} */ key, /** @type {string} */ text) {
      const others = [...texts].reduce((sum, [name, each]) => sum + (name === key ? 0 : each.length), 0);
      if (others + text.length > room) throw new DOMException("no room", "QuotaExceededError");
      texts.set(key, text);
    },
  };
}

const refused = () => {
  throw new DOMException("not here", "SecurityError");
};
const AT = "2026-03-01T10:00:00.000Z";

/** @param {string} page @param {string} section */
function read(page, section) {
  return { ...emptyChapter(page, "6 Does it work?"), sections: [{ name: section, at: AT, title: section }] };
}

test("what is written is read again, page by page", () => {
  const store = storeAt("/course/", () => storage);
  const storage = storageOf();

  assert.equal(store.write(read("chapters/06", "one")), true);
  assert.equal(store.write(read("chapters/07", "two")), true);

  assert.equal(store.read("chapters/06")?.sections[0].name, "one");
  assert.equal(store.read("chapters/08"), undefined);
  assert.deepEqual(
    allOf(store)
      .map(({ page }) => page)
      .sort(),
    ["chapters/06", "chapters/07"],
  );
});

test("two sites in one storage do not meet, even if one lies within the other", () => {
  const storage = storageOf();
  const [outer, inner] = ["/course/", "/course/old/"].map((root) => storeAt(root, () => storage));
  outer.write(read("chapters/06", "outer"));
  inner.write(read("chapters/06", "inner"));
  storage.setItem("mode", "dark");

  assert.deepEqual(
    allOf(outer).map(({ sections }) => sections[0].name),
    ["outer"],
  );
  forgetAll(outer);

  assert.equal(outer.read("chapters/06"), undefined);
  assert.equal(inner.read("chapters/06")?.sections[0].name, "inner");
  assert.equal(storage.getItem("mode"), "dark");
});

test("a chapter of which nothing is left leaves no key", () => {
  const storage = storageOf();
  const store = storeAt("/", () => storage);
  store.write(read("chapters/06", "one"));

  store.write(emptyChapter("chapters/06", ""));

  assert.equal(storage.length, 0);
});

const unreadable = {
  "no JSON": "{",
  "another version": JSON.stringify({ ...read("chapters/06", "one"), version: 2 }),
  "another page": JSON.stringify({ ...read("chapters/07", "one"), version: 1 }),
  "no lists": JSON.stringify({ version: 1, page: "chapters/06", sections: {}, predictions: [], answers: [] }),
  "an entry without a name": JSON.stringify({ ...read("chapters/06", "one"), answers: [null], version: 1 }),
  nothing: "null",
};
for (const [what, text] of Object.entries(unreadable)) {
  test(`what cannot be read is ignored, and set aside rather than written over: ${what}`, () => {
    const storage = storageOf();
    const store = storeAt("/", () => storage);
    storage.setItem(`${store.prefix}chapters/06`, text);

    assert.equal(store.read("chapters/06"), undefined);
    assert.deepEqual(allOf(store), []);
    store.write(read("chapters/06", "one"));

    assert.equal(store.read("chapters/06")?.sections.length, 1);
    assert.ok([...storage.texts.values()].includes(text));
    forgetAll(store);
    assert.equal(storage.length, 0);
  });
}

test("a browser that refuses is no error", () => {
  const store = storeAt("/", refused);

  assert.equal(store.read("chapters/06"), undefined);
  assert.equal(store.write(read("chapters/06", "one")), false);
  assert.deepEqual(allOf(store), []);
  assert.equal(textsOf(store), undefined);
  forgetAll(store);
});

test("of several chapters for which there is no room none is written, and what was there stays", () => {
  const storage = storageOf(700);
  const store = storeAt("/", () => storage);
  store.write(read("chapters/06", "before"));
  const before = new Map(storage.texts);

  assert.equal(writeAll(store, [read("chapters/06", "after"), read("chapters/07", "x".repeat(600))]), false);

  assert.deepEqual(storage.texts, before);
  assert.equal(writeAll(store, [read("chapters/06", "after"), read("chapters/07", "x")]), true);
});
