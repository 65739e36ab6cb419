// Where a page is cut into the steps of a talk.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cut } from "../../../book/scripts/present/cut.js";

/** @import { Block, Kind } from "../../../book/scripts/present/cut.js" */

/** A block of a kind. @param {Kind} kind @param {Partial<Block>} [more] @returns {Block} */
const block = (kind, more = {}) => ({ kind, size: 100, leads: false, goesOn: false, ...more });

/** The steps of blocks, each as the numbers of its blocks. @param {Block[]} blocks */
const shown = (...blocks) => cut(blocks).map((step) => step.blocks);

test("a heading stands with the first paragraph, a second paragraph alone", () => {
  assert.deepEqual(shown(block("heading"), block("text"), block("text")), [[0, 1], [2]]);
});

test("a heading stands alone where the paragraph fills the screen", () => {
  assert.deepEqual(shown(block("heading", { size: 20 }), block("text", { size: 600 })), [[0, 1]]);
  assert.deepEqual(shown(block("heading", { size: 21 }), block("text", { size: 600 })), [[0], [1]]);
});

test("two headings, one after the other, are one step", () => {
  assert.deepEqual(shown(block("heading"), block("heading"), block("text")), [[0, 1, 2]]);
});

for (const kind of /** @type {Kind[]} */ (["figure", "table", "claim", "printed"])) {
  test(`a short paragraph leads into a ${kind}, a long one does not`, () => {
    assert.deepEqual(shown(block("text", { size: 230 }), block(kind)), [[0, 1]]);
    assert.deepEqual(shown(block("text", { size: 231 }), block(kind)), [[0], [1]]);
    assert.deepEqual(shown(block("text", { size: 340, leads: true }), block(kind)), [[0, 1]]);
    assert.deepEqual(shown(block("text", { size: 341, leads: true }), block(kind)), [[0], [1]]);
  });
}

test("one result a step, and what it is about is the result", () => {
  const steps = cut([block("text"), block("figure"), block("table"), block("claim")]);

  assert.deepEqual(
    steps.map(({ kind, about, blocks }) => ({ kind, about, blocks })),
    [
      { kind: "figure", about: 1, blocks: [0, 1] },
      { kind: "table", about: 2, blocks: [2] },
      { kind: "claim", about: 3, blocks: [3] },
    ],
  );
});

test("a remark stays with the result it is about", () => {
  const steps = cut([block("table"), block("text", { goesOn: true }), block("text")]);

  assert.deepEqual(steps[0], { kind: "table", about: 0, part: "", blocks: [0, 1], folded: [], again: [] });
  assert.equal(steps.length, 2);
});

test("a table stays in view while the paragraph behind it speaks of it, if there is room", () => {
  const again = (/** @type {Block[]} */ ...blocks) => cut(blocks).map((step) => step.again);

  assert.deepEqual(again(block("table"), block("text"), block("text")), [[], [0], []]);
  assert.deepEqual(again(block("table", { size: 320 }), block("text", { size: 301 })), [[], []]);
  assert.deepEqual(again(block("table"), block("text", { leads: true })), [[], []]);
  assert.deepEqual(again(block("table"), block("text"), block("claim")), [[], []]);
  assert.deepEqual(again(block("figure"), block("text")), [[], []]);
});

test("a prediction is two steps, and nothing else is in them", () => {
  const steps = cut([block("heading"), block("prediction"), block("text", { goesOn: true })]);

  assert.deepEqual(
    steps.map(({ part, blocks }) => [part, blocks]),
    [
      ["", [0]],
      ["ask", [1]],
      ["compare", [1]],
      ["", [2]],
    ],
  );
});

test("a formula stands in its sentence, before and after", () => {
  assert.deepEqual(shown(block("text"), block("formula"), block("text", { goesOn: true }), block("text")), [
    [0, 1, 2],
    [3],
  ]);
  assert.deepEqual(shown(block("text", { size: 450 }), block("formula")), [[0], [1]]);
});

test("a list follows the sentence that announces it, and its heading", () => {
  assert.deepEqual(shown(block("text", { leads: true }), block("list")), [[0, 1]]);
  assert.deepEqual(shown(block("text"), block("list")), [[0], [1]]);
  assert.deepEqual(shown(block("heading"), block("list", { size: 900 })), [[0, 1]]);
});

test("what code prints or tabulates stands below it while both fit", () => {
  const code = (/** @type {number} */ lines) => block("code", { size: lines });
  assert.deepEqual(shown(code(12), block("printed", { size: 8 })), [[0, 1]]);
  assert.deepEqual(shown(code(12), block("printed", { size: 9 })), [[0], [1]]);
  assert.deepEqual(shown(code(14), block("table")), [[0, 1]]);
  assert.deepEqual(shown(code(15), block("table")), [[0], [1]]);
});

test("a quiz stands with its heading, a second one alone", () => {
  assert.deepEqual(shown(block("heading"), block("quiz"), block("quiz")), [[0, 1], [2]]);
});

test("a solution stands with the exercise that it solves", () => {
  const steps = cut([block("heading"), block("text"), block("solution"), block("text"), block("solution")]);

  assert.deepEqual(
    steps.map(({ kind, about, blocks }) => [kind, about, blocks]),
    [
      ["solution", 2, [0, 1, 2]],
      ["solution", 4, [3, 4]],
    ],
  );
});

test("folded code is at hand where it is needed, and makes no step", () => {
  const blocks = /** @type {Kind[]} */ (["text", "scaffold", "scaffold", "figure", "scaffold", "heading", "scaffold"]);
  const steps = cut(blocks.map((kind) => block(kind)));

  assert.deepEqual(
    steps.map(({ blocks, folded }) => [blocks, folded]),
    [
      [
        [0, 3],
        [1, 2, 4],
      ],
      [[5], [6]],
    ],
  );
});

test("no block is lost and none comes twice, whatever the order", () => {
  /** @type {Kind[]} */
  const kinds = ["heading", "text", "list", "formula", "code", "scaffold", "printed", "figure", "live", "table"];
  kinds.push("claim", "quiz", "prediction", "solution", "other");
  let seed = 1;
  const random = (/** @type {number} */ below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 500; round++) {
    const blocks = Array.from({ length: 1 + random(12) }, () =>
      block(kinds[random(kinds.length)], { size: random(700), leads: random(2) > 0, goesOn: random(2) > 0 }),
    );
    const steps = cut(blocks);
    const once = steps.filter(({ part }) => part !== "compare");
    const all = once.flatMap(({ blocks: own }) => own);
    const folded = once.flatMap((step) => step.folded);
    const expected = blocks.flatMap(({ kind }, i) => (kind === "scaffold" ? [] : [i]));
    assert.deepEqual(all, expected);
    if (expected.length) assert.equal(all.length + folded.length, blocks.length);
    assert.equal(steps.length - once.length, blocks.filter(({ kind }) => kind === "prediction").length);
  }
});
