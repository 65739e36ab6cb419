// A guess comes back only to what it answered, and only in a form that can be drawn.

import assert from "node:assert/strict";
import { test } from "node:test";

import { askedBy, fitting } from "../../../book/scripts/reading/fits.js";

const axis = { name: "p", ends: [0, 100], ticks: [] };
const writing = { unit: "%", digits: 0, log: false };
const shared = { question: "?", slug: "rate", room: 10 };
const curve = /** @type {any} */ ({
  ...{ ...shared, kind: "curve", x: axis, y: axis, places: [0, 1, 2], given: [0], writing },
  ...{ names: ["p = 0", "p = 0.5", "p = 0.9"], curves: [{ label: "plain" }, { label: "dropout" }] },
});
const number = /** @type {any} */ ({
  ...shared,
  kind: "number",
  axis,
  writing,
  asked: [{ label: "a" }, { label: "b" }],
});
const choice = /** @type {any} */ ({ ...shared, kind: "choice", options: ["one", "two", "three"], several: false });
const order = /** @type {any} */ ({ ...shared, kind: "order", labels: ["a", "b", "c"], ends: ["low", "high"] });

const good = /** @type {[any, any][]} */ ([
  [curve, { plain: [null, 10, 99.5], dropout: [null, null, 20] }],
  [curve, { dropout: [null, 100, 0] }],
  [curve, { plain: [null, 101, 0] }], // rounded beyond the end
  [number, { a: 3 }],
  [number, { a: 3, b: 0 }],
  [choice, ["two"]],
  [{ ...choice, several: true }, []],
  [{ ...choice, several: true }, ["one", "three"]],
  [order, ["b", "a", "c"]],
]);
const bad = /** @type {[any, any][]} */ ([
  [curve, { plain: [10, 10, 10] }], // the first was given
  [curve, { plain: [null, 10] }],
  [curve, { plain: 10 }],
  [curve, { plain: [null, "10", 10] }],
  [curve, { plain: [null, 1000, 10] }],
  [curve, { plain: [null, [], 10] }],
  [curve, { other: [null, 10, 10] }],
  [curve, JSON.parse('{ "__proto__": [null, 10, 10] }')],
  [curve, ["one"]],
  [curve, "plain"],
  [{ ...curve, y: { ...axis, ends: [0.01, 100], log: true } }, { plain: [null, -1, 10] }],
  [number, { a: [1] }],
  [number, { a: NaN }],
  [number, { constructor: 3 }],
  [number, []],
  [choice, ["two", "one"]],
  [choice, []],
  [choice, ["four"]],
  [choice, { two: 2 }],
  [{ ...choice, several: true }, ["one", "one"]],
  [order, ["b", "a"]],
  [order, ["b", "a", "a"]],
  [order, ["b", "a", "d"]],
  [order, 7],
]);

/** @param {any} prompt @param {any} guess */
const kept = (prompt, guess, stage = "compared") =>
  /** @type {any} */ ({ name: "rate", guess, stage, assumed: "", of: askedBy(prompt) });

for (const [prompt, guess] of good) {
  test(`fits: ${prompt.kind} ${JSON.stringify(guess)}`, () => {
    assert.deepEqual(fitting(prompt, kept(prompt, guess))?.guess, guess);
  });
}

for (const [prompt, guess] of bad) {
  test(`does not: ${prompt.kind} ${JSON.stringify(guess)}`, () => {
    assert.equal(fitting(prompt, kept(prompt, guess)), undefined);
  });
}

test("a guess that answered something else is left alone", () => {
  const guess = { plain: [null, 10, 20] };
  const others = [
    { ...curve, kind: "number", asked: [{ label: "plain" }], axis },
    { ...curve, curves: [{ label: "plain" }] },
    { ...curve, names: ["p = 0", "p = 0.5", "p = 0.8"] },
    { ...curve, given: [] },
    { ...curve, writing: { ...writing, unit: "points" } },
  ];

  for (const other of others) assert.equal(fitting(other, kept(curve, guess)), undefined);
  assert.notEqual(fitting({ ...curve, question: "Asked in other words?" }, kept(curve, guess)), undefined);
  assert.equal(fitting(choice, kept({ ...choice, options: ["two", "three"] }, ["two"])), undefined);
  assert.equal(fitting({ ...order, labels: ["c", "a", "b"] }, kept(order, ["a", "b", "c"]))?.stage, "compared");
});

test("no guess is compared, and no stage is made up", () => {
  assert.equal(fitting(curve, kept(curve, null, "shown"))?.guess, null);
  assert.equal(fitting(curve, kept(curve, null, "compared")), undefined);
  assert.equal(fitting(choice, kept(choice, ["two"], "won")), undefined);
  assert.equal(fitting(choice, { ...kept(choice, ["two"]), assumed: /** @type {any} */ ({}) }), undefined);
  assert.equal(fitting(choice, undefined), undefined);
});
