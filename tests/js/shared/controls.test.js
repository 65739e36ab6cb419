// Where a value stands among those that there are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../../lib/dropoutlab/explorables/shared/controls.js";

test("numbers that differ by rounding alone are one, and nothing else is", () => {
  const rates = [0, 0.1, 0.3, 0.300001];

  assert.equal(placeOf(rates, 0.1 + 0.2), 2);
  assert.equal(placeOf(rates, 0.300001), 3);
  assert.equal(placeOf(rates, 0), 0);
  assert.equal(placeOf(rates, 1e-12), -1);
  assert.equal(placeOf(rates, NaN), -1);
  assert.equal(placeOf(["a", "b"], "b"), 1);
  assert.equal(placeOf([false, true], true), 1);
});
