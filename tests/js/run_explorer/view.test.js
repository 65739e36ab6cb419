// The run explorer finds the numbers of a setting, and says them right.

import assert from "node:assert/strict";
import { test } from "node:test";
import { lookUp, rowOf } from "../../../lib/dropoutlab/explorables/run_explorer/run_numbers.js";
import { estimated, sentence, verdict } from "../../../lib/dropoutlab/explorables/run_explorer/run_words.js";

const PARAMETERS = { p: [0, 0.5], width: [8, 16, 32] };

/** Every number says where it comes from: row 4 has 4 for its mean, and 0.4 for its half-width. */
function runs(changes = {}) {
  const rows = [0, 1, 2, 3, 4, 5];
  const ends = { mean: rows, half: rows.map((row) => row / 10) };
  const curves = { mean: rows.map((row) => [90, row]), half: rows.map(() => [0, 1]) };
  const kind = {
    train: curves,
    validation: curves,
    test: ends,
    difference: { mean: rows.map((row) => -row), half: ends.half },
  };
  return {
    parameters: PARAMETERS,
    n_seeds: 5,
    recorded: null,
    axis: "epoch",
    steps: [0, 1],
    lr: null,
    error: kind,
    loss: kind,
    ...changes,
  };
}

test("rows go through all combinations, the last parameter varying fastest", () => {
  const rows = PARAMETERS.p.flatMap((p) => PARAMETERS.width.map((width) => rowOf(PARAMETERS, { p, width })));

  assert.deepEqual(rows, [0, 1, 2, 3, 4, 5]);
});

test("what is looked up belongs to the setting", () => {
  const found = lookUp(runs({ lr: [1, 2, 3, 4, 5, 6] }), { metric: "error", p: 0.5, width: 16 });

  assert.deepEqual(found.test, { mean: 4, half: 0.4 });
  assert.deepEqual(found.train, { mean: [90, 4], half: [0, 1] });
  assert.equal(found.lr, 5);
});

test("a value that differs by rounding is found", () => {
  const parameters = { p: [0, 0.1, 0.3], width: [8, 16] };

  assert.equal(rowOf(parameters, { p: 0.1 + 0.2, width: 16 }), 5);
  assert.equal(rowOf(parameters, { p: 0, width: 8 }), 0);
});

test("an estimate has a true minus and as many decimals as its unit needs", () => {
  assert.equal(estimated({ mean: -1.25, half: 0.34 }, "error"), "−1.3 ± 0.3");
  assert.equal(estimated({ mean: 0.314, half: 0.05 }, "loss"), "0.31 ± 0.05");
});

test("the sentence compares with the first value of the first parameter", () => {
  assert.equal(
    sentence(runs(), { metric: "error", p: 0.5, width: 16 }),
    "It helps here. p = 0.5: test error 4.0 ± 0.4 %; p = 0: 1.0 ± 0.1 %. Difference, paired by seed: −4.0 ± 0.4 points. 5 seeds, 95 % intervals.",
  );
});

test("the baseline is not compared with itself; a recording says its day, tuned runs their rates", () => {
  assert.equal(
    sentence(runs({ recorded: "2026-01-02" }), { metric: "loss", p: 0, width: 32 }),
    "The baseline. p = 0: test loss 2.00 ± 0.20. 5 seeds, 95 % intervals; recorded on 2026-01-02.",
  );
  assert.match(
    sentence(runs({ lr: [0.1, 0.1, 0.1, 0.02, 0.02, 0.02] }), { metric: "loss", p: 0.5, width: 8 }),
    /Learning rates, chosen on validation digits: 0\.02 and 0\.1\.$/,
  );
});

for (const [difference, words] of /** @type {[{ mean: number, half: number }, string][]} */ ([
  [{ mean: -2, half: 1.9 }, "It helps here."],
  [{ mean: 2, half: 1.9 }, "It does harm here."],
  [{ mean: -2, half: 2 }, "No effect to be seen here."],
  [{ mean: 0.5, half: 2 }, "No effect to be seen here."],
])) {
  test(`a change of ${difference.mean} ± ${difference.half} in the error: ${words}`, () => {
    assert.equal(verdict(difference), words);
  });
}
