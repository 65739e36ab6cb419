// What predictions compute is what Python computes: strokes at places, distances, ranks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleTo } from "../../../lib/dropoutlab/explorables/shared/chart.js";
import { countInside, distance, farthest, isInside } from "../../../lib/dropoutlab/predictions/gaps.js";
import { comparedOrder } from "../../../lib/dropoutlab/predictions/ranking.js";
import { stepped } from "../../../lib/dropoutlab/predictions/steps.js";
import { resampled } from "../../../lib/dropoutlab/predictions/strokes.js";
import { capital, listed, rounded, unbroken, written } from "../../../lib/dropoutlab/predictions/words.js";
import { close, golden } from "../golden.js";

const { strokes, gaps, orders } = golden("predictions");

strokes.forEach(({ places, stroke, values }, i) => {
  test(`stroke ${i}, of ${stroke.length} points, at ${places.length} places`, () => {
    close(resampled(places, stroke), values, 1e-9);
  });
});

test("where a stroke was not, there is nothing", () => {
  const drawn = resampled(
    [0, 1, 2, 3, 4],
    [
      [0.9, 5],
      [2.2, 5],
    ],
  );

  assert.deepEqual(drawn, [null, 5, 5, null, null]);
});

test("a touch sets the nearest place alone", () => {
  assert.deepEqual(resampled([0, 10, 20], [[12, 7]]), [null, 7, null]);
  assert.deepEqual(resampled([0, 10, 20], []), [null, null, null]);
});

test("where a stroke passes twice, the later pass counts", () => {
  const stroke = /** @type {[number, number][]} */ ([
    [0, 1],
    [2, 1],
    [0.9, 9],
  ]);

  assert.deepEqual(resampled([0, 1, 2], stroke), [1, 9, 1]);
});

test("a stroke straight up leaves the place where it ends", () => {
  const drawn = resampled(
    [0, 1],
    [
      [1, 2],
      [1, 8],
    ],
  );

  assert.deepEqual(drawn, [null, 8]);
});

gaps.forEach(({ log, guess, measured, farthest: expected, inside }, i) => {
  test(`guess ${i}, on ${log ? "a logarithmic" : "a linear"} axis`, () => {
    assert.deepEqual(farthest(guess, measured, log), expected);
    assert.deepEqual(
      guess.map((values, c) => countInside(values, measured[c]).inside),
      inside,
    );
  });
});

test("what was not guessed is neither far nor inside", () => {
  const measured = /** @type {[number, number, number][][]} */ ([
    [
      [5, 4, 6],
      [5, 4, 6],
    ],
  ]);

  assert.equal(farthest([[null, null]], measured, false), undefined);
  assert.deepEqual(countInside([null, 5], measured[0]), { inside: 1, of: 1 });
});

test("the ends of an interval lie inside it", () => {
  assert.deepEqual(
    [3.9, 4, 6, 6.1].map((guess) => isInside(guess, [5, 4, 6])),
    [false, true, true, false],
  );
});

test("as near as a hand can draw lies inside, too", () => {
  assert.deepEqual(
    [2.9, 3, 5, 7, 7.1].map((guess) => isInside(guess, [5, 4, 6], 1)),
    [false, true, true, true, false],
  );
  assert.equal(isInside(3, [5, 4, 6], Math.log(1.3), true), false);
  assert.equal(isInside(3.1, [5, 4, 6], Math.log(1.3), true), true);
});

test("on a logarithmic axis twice as much is as far as half as much", () => {
  assert.equal(distance(2, 1, true), distance(0.5, 1, true));
  assert.equal(distance(2, 1, false), 1);
});

orders.forEach(({ order, signs, gaps: far, told, right, worst }, i) => {
  test(`order ${i}, of ${order.length}`, () => {
    const compared = comparedOrder(order, signs, far);

    assert.deepEqual({ ...compared, worst: compared.worst ?? null }, { told, right, worst });
  });
});

const WRITING = { unit: "%", digits: 0, log: false };

test("a key moves a value by a hundredth of the axis, and at least so far that it shows", () => {
  const scale = scaleTo({ ends: [0, 20], ticks: [] }, 0, 300);

  assert.equal(stepped("ArrowUp", 7, scale, [0, 20], WRITING), 8);
  assert.equal(stepped("ArrowDown", 7, scale, [0, 20], { ...WRITING, digits: 1 }), 6.8);
  assert.equal(stepped("PageUp", 7, scale, [0, 20], WRITING), 9);
  assert.equal(stepped(" ", 7, scale, [0, 20], WRITING), 7);
  assert.equal(stepped("a", 7, scale, [0, 20], WRITING), undefined);
});

test("keys stop at the ends of the axis, also where it stands upside down", () => {
  const scale = scaleTo({ ends: [0, 20], ticks: [] }, 300, 0);

  assert.equal(stepped("ArrowUp", 20, scale, [0, 20], WRITING), 20);
  assert.equal(stepped("Home", 7, scale, [0, 20], WRITING), 0);
  assert.equal(stepped("End", 7, scale, [0, 20], WRITING), 20);
});

test("on a logarithmic axis a key multiplies", () => {
  const scale = scaleTo({ ends: [1, 10_000], ticks: [], log: true }, 0, 300);
  const writing = { unit: "", digits: 2, log: true };

  assert.equal(stepped("ArrowUp", 100, scale, [1, 10_000], writing), 110);
  assert.equal(stepped("PageUp", 100, scale, [1, 10_000], writing), 250);
});

test("a guess is no finer than a hand can set it", () => {
  assert.equal(rounded(12.345, WRITING), 12);
  assert.equal(rounded(12345, { unit: "", digits: 2, log: true }), 12000);
  assert.equal(written(-1234.5, { unit: "points", digits: 1, log: false }), "−1,234.5\u00a0points");
  assert.equal(written(0.0123, { unit: "", digits: 2, log: true }), "0.012");
});

test("numbers stay in one line with their intervals", () => {
  assert.equal(unbroken("measured 77 ± 9 %."), "measured 77\u00a0±\u00a09\u00a0%.");
  assert.equal(unbroken("at p = 0.6"), "at p\u00a0=\u00a00.6");
  assert.deepEqual(["plain", "p = 0.6"].map(capital), ["Plain", "p = 0.6"]);
  assert.equal(listed(["a"]), "a");
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
});
