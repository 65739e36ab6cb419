// Round numbers along the axes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { roundTicks } from "../../../lib/dropoutlab/explorables/shared/chart.js";

for (const [low, high, expected] of /** @type {[number, number, number[]][]} */ ([
  [0, 40, [0, 10, 20, 30, 40]],
  [12.2, 16.7, [12, 14, 16, 18]],
  [0, 1200, [0, 500, 1000, 1500]],
  [0.313, 0.352, [0.31, 0.32, 0.33, 0.34, 0.35, 0.36]],
  [5, 5, [4, 6]],
  [0, 0, [0, 0.5]],
])) {
  test(`ticks from ${low} to ${high} are round and cover the range`, () => {
    const ticks = roundTicks(low, high);

    assert.ok(
      ticks[0] <= low && ticks[ticks.length - 1] >= high && ticks.length > 1 && ticks.length <= 7,
      String(ticks),
    );
    if (high > low) assert.deepEqual(ticks, expected);
  });
}
