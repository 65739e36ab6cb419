// What the landing page says, and which sections a window reads.

import assert from "node:assert/strict";
import { test } from "node:test";

import { currentOf, endingIn } from "../../../book/scripts/reading/places.js";
import { emptyChapter } from "../../../book/scripts/reading/record.js";
import { askedBeforeForgetting, inWords, progress, saidOfLoading } from "../../../book/scripts/reading/words.js";

const at = "2026-03-01T10:00:00.000Z";
const contents = { sections: ["a", "b", "c"], predictions: ["rate", "cliff"], answers: ["dl-1"] };
const predicted = (/** @type {string} */ name, /** @type {any} */ stage) =>
  /** @type {any} */ ({ name, at, stage, guess: null });

test("the map counts what is still in the chapter, and only guesses that were compared", () => {
  const chapter = {
    ...emptyChapter("chapters/06", ""),
    sections: ["a", "b", "gone"].map((name) => ({ name, at, title: "" })),
    predictions: [predicted("rate", "compared"), predicted("cliff", "shown"), predicted("gone", "compared")],
  };

  assert.equal(progress(chapter, contents), "read 2 of 3 · predicted 1 of 2 · answered 0 of 1");
  assert.equal(progress(chapter, { ...contents, answers: [] }), "read 2 of 3 · predicted 1 of 2");
});

test("before anything the map says nothing", () => {
  assert.equal(progress(undefined, contents), "");
  assert.equal(
    progress({ ...emptyChapter("chapters/06", ""), predictions: [predicted("rate", "open")] }, contents),
    "",
  );
});

test("what is kept, in words", () => {
  assert.equal(inWords({ predictions: 1, answers: 2, sections: 1 }), "1 prediction, 2 answers and 1 section read");
  assert.equal(inWords({ predictions: 0, answers: 1, sections: 0 }), "1 answer");
  assert.equal(
    askedBeforeForgetting({ predictions: 2, answers: 0, sections: 3 }, 1),
    "Forget 2 predictions and 3 sections read, in 1 chapter? Only a saved file could bring them back.",
  );
});

test("what a file brought, in words", () => {
  const nothing = { predictions: 0, answers: 0, sections: 0 };

  assert.equal(saidOfLoading({ ...nothing, answers: 2 }, 0, 0), "Loaded: 2 answers.");
  assert.equal(
    saidOfLoading({ ...nothing, answers: 2 }, 1, 2),
    "Loaded: 2 answers. 1 entry in it is here already, as new or newer. 2 chapters in it are not in this course.",
  );
  assert.equal(saidOfLoading(nothing, 4, 0), "Nothing in that file is newer than what is here.");
});

test("a section ends in the window if its lower edge does", () => {
  const boxes = [
    { top: -900, bottom: 0 },
    { top: 0, bottom: 300 },
    { top: 300, bottom: 600 },
    { top: 600, bottom: 601 },
  ];

  assert.deepEqual(endingIn(boxes, 600), [1, 2]);
  assert.deepEqual(endingIn([], 600), []);
});

test("the section being read is the last one that begins above the upper third", () => {
  const boxes = [-500, 190, 210].map((top) => ({ top, bottom: top + 400 }));

  assert.equal(currentOf(boxes, 600), 1);
  assert.equal(currentOf(boxes.slice(2), 600), -1);
});
