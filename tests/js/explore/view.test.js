// Where the figure of a setting is found, and which may be asked for next.

import assert from "node:assert/strict";
import { test } from "node:test";

import { indexOf, neighbours } from "../../../lib/dropoutlab/explorables/explore/view.js";

test("positions are counted as Python lists them: the last control moves fastest", () => {
  const sizes = [2, 3, 4];
  let index = 0;
  for (let a = 0; a < 2; a++) {
    for (let b = 0; b < 3; b++) {
      for (let c = 0; c < 4; c++) assert.equal(indexOf([a, b, c], sizes), index++);
    }
  }
});

test("neighbours are one step of one control away, and inside the grid", () => {
  assert.deepEqual(neighbours([0, 1], [2, 3]), [
    [1, 1],
    [0, 0],
    [0, 2],
  ]);
  assert.deepEqual(neighbours([1, 2], [2, 3]), [
    [0, 2],
    [1, 1],
  ]);
});
