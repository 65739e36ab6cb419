// The file that a reader saves and loads: complete, readable, and never trusted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chapterFrom } from "../../../book/scripts/reading/cleaning.js";
import { fileName, fileOf, readFile } from "../../../book/scripts/reading/file.js";
import { countsOf, merged } from "../../../book/scripts/reading/merge.js";
import { emptyChapter } from "../../../book/scripts/reading/record.js";

/** @import { Chapter } from "../../../book/scripts/reading/record.js" */

const [EARLY, LATE] = ["2026-03-01T10:00:00.000Z", "2026-03-02T10:00:00.000Z"];
const NOW = new Date("2026-03-05T23:30:00");

const guessed = {
  ...{ name: "rate", at: EARLY, question: "How?", stage: /** @type {const} */ ("compared") },
  ...{ guess: { "test error": [null, 9.5, -1e-7] }, sentence: "At p = 0.9 …", assumed: "flat", of: "1x2" },
};
const answered = { name: "dl-0123456789", at: EARLY, question: "Which?", choice: 1, answer: "0.5", right: false };
const section = { name: "right-labels", at: EARLY, title: "Right labels" };

/** @returns {Chapter} */
const six = () => ({
  ...emptyChapter("chapters/06_does_it_work", "6 Does it work?"),
  ...{ place: section, sections: [section], predictions: [guessed], answers: [answered] },
});
const chaptersIn = (/** @type {string} */ text) => {
  const found = readFile(text);
  return "problem" in found ? found.problem : found.chapters;
};
const fileWith = (/** @type {any} */ chapter, /** @type {any} */ more = {}) =>
  JSON.stringify({ file: "dropout-lab-reading", version: 1, saved: LATE, chapters: [chapter], ...more });

test("what is saved is loaded again, all of it", () => {
  assert.deepEqual(chaptersIn(fileOf([six()], NOW)), [six()]);
});

test("a person can read it", () => {
  const text = fileOf([{ ...six(), page: "chapters/07" }, six()], NOW);

  assert.match(text, /\n {10}"sentence": "At p = 0.9 …",\n/);
  assert.match(text, /"test error": \[ null, 9\.5, -1e-7 \]\n/);
  assert.ok(text.indexOf("chapters/06") < text.indexOf("chapters/07"));
  assert.ok(text.endsWith("}\n"));
  assert.equal(fileName(NOW), "dropout-lab-reading-2026-03-05.json");
});

test("numbers in a text stay as they are", () => {
  const chapter = { ...six(), predictions: [{ ...guessed, assumed: "[\n  1,\n  2\n]" }] };

  assert.deepEqual(chaptersIn(fileOf([chapter], NOW)), [chapter]);
});

for (const [what, text] of Object.entries({
  "no JSON": "Dear students",
  "a file of something else": "{}",
  null: "null",
  "a list": "[1, 2]",
  "no chapters": JSON.stringify({ file: "dropout-lab-reading", version: 1 }),
  "a version of no kind": fileWith(six(), { version: "1" }),
})) {
  test(`another file changes nothing: ${what}`, () => {
    assert.match(String(chaptersIn(text)), /no file that this page has saved.*Nothing was changed\.$/);
  });
}

test("a newer version and an empty file are told apart", () => {
  assert.match(String(chaptersIn(fileWith(six(), { version: 2 }))), /newer version.*Nothing was changed/);
  assert.match(String(chaptersIn(fileWith(emptyChapter("a", "")))), /no reading in that file/);
  assert.match(String(chaptersIn(fileWith("chapter"))), /no reading in that file/);
});

test("entries of the wrong form are left out, and the others stay", () => {
  const wrong = [
    ...[null, 7, "x", [], {}, { ...guessed, name: 3 }, { ...guessed, name: "" }, { ...guessed, at: "soon" }],
    ...[
      { ...guessed, stage: "won" },
      { ...guessed, guess: null },
      { ...guessed, guess: "9" },
      { ...guessed, guess: [1] },
    ],
    ...[
      { ...guessed, guess: {} },
      { ...guessed, guess: { a: { b: 1 } } },
      { ...guessed, guess: { a: ["9"] } },
    ],
    ...[
      { ...guessed, guess: undefined },
      { ...guessed, name: "x".repeat(3000) },
    ],
  ];
  const answers = [{ ...answered, choice: "1" }, { ...answered, choice: 1.5 }, { ...answered, choice: -1 }, answered];
  const chapter = { ...six(), predictions: [...wrong, guessed], answers, sections: "all", place: 3, more: { a: 1 } };

  assert.deepEqual(chaptersIn(fileWith(chapter)), [{ ...six(), sections: [], place: null }]);
});

test("names that mean something to JavaScript mean nothing here", () => {
  const text = fileWith(six()).replaceAll('"rate"', '"__proto__"').replace('"test error":', '"__proto__":');

  const [chapter] = /** @type {Chapter[]} */ (chaptersIn(text));

  assert.equal(chapter.predictions[0].name, "__proto__");
  assert.deepEqual(Object.keys(chapter.predictions[0].guess ?? {}), ["__proto__"]);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  assert.equal(merged([six()], [chapter]).taken.predictions, 1);
});

test("a page is a place in the book", () => {
  for (const page of ["", "a b", "<b>", 3, null, "x\n", ["a"]])
    assert.equal(chapterFrom({ ...six(), page }), undefined);
});

test("a date from the future is no later than now", () => {
  const at = chapterFrom({ ...six(), sections: [{ ...section, at: "9999-01-01T00:00:00Z" }] })?.sections[0].at ?? "";

  assert.ok(at <= new Date().toISOString());
  assert.match(at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("too many entries are cut off", () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...section, name: `s${i}` }));

  assert.equal(chapterFrom({ ...six(), sections: many })?.sections.length, 200);
});

test("of each thing the newer word wins, wherever it stands", () => {
  const mine = {
    ...six(),
    predictions: [{ ...guessed, assumed: "mine" }],
    answers: [{ ...answered, at: LATE, choice: 2 }],
  };
  const other = { ...section, name: "wrong-labels" };
  const theirs = {
    ...six(),
    ...{
      predictions: [{ ...guessed, assumed: "theirs", at: LATE }],
      place: { ...other, at: LATE },
      sections: [other, section],
    },
  };

  const { chapters, taken, older } = merged([mine], [theirs]);

  assert.deepEqual(taken, { predictions: 1, answers: 0, sections: 1 });
  assert.equal(older, 2);
  assert.equal(chapters[0].predictions[0].assumed, "theirs");
  assert.equal(chapters[0].answers[0].choice, 2);
  assert.deepEqual(
    chapters[0].sections.map(({ name }) => name),
    ["right-labels", "wrong-labels"],
  );
  assert.equal(chapters[0].place?.name, "wrong-labels");
});

test("a chapter that is not here comes as it is, and one that does not come is left alone", () => {
  const seven = { ...six(), page: "chapters/07" };

  const { chapters, taken } = merged([seven], [six()]);

  assert.deepEqual(chapters, [six()]);
  assert.deepEqual(taken, countsOf([six()]));
});

test("to load a file twice changes nothing more", () => {
  const { chapters } = merged([], [six()]);

  const again = merged(chapters, [six()]);

  assert.deepEqual(again.taken, { predictions: 0, answers: 0, sections: 0 });
  assert.deepEqual(again.chapters, chapters);
});
