// The process agrees with SciPy's linear algebra, and counts as if points were repeated.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cholesky, gaussianProcess } from "../../../lib/dropoutlab/explorables/how_sure/gaussian_process.js";
import { close, golden } from "../golden.js";

for (const { points, count, at, mean, sd } of golden("gaussian_processes")) {
  test(`${points.length} points, each ${count} times`, () => {
    const said = at.map(gaussianProcess(points, count));

    close(
      said.map((each) => each.mean),
      mean,
      1e-9,
    );
    close(
      said.map((each) => each.sd ** 2),
      sd.map((each) => each ** 2),
      1e-11,
    );
  });
}

test("a lower triangle times its transpose is the matrix", () => {
  assert.deepEqual(
    cholesky([
      [4, 2, 6],
      [2, 10, 6],
      [6, 6, 19],
    ]),
    [[2], [1, 3], [3, 1, 3]],
  );
});

test("a point that counts ten times is as good as ten points there", () => {
  const at = [-1, 0.3, 2];
  const once = at.map(gaussianProcess([[0.2, 1]], 10));
  const tenfold = at.map(gaussianProcess(Array(10).fill([0.2, 1]), 1));

  for (const part of ["mean", "sd"]) {
    close(
      once.map((each) => each[part]),
      tenfold.map((each) => each[part]),
      1e-12,
    );
  }
});

test("far from all points the process knows nothing", () => {
  const { mean, sd } = gaussianProcess([[-50, 2]], 1)(0);

  assert.equal(mean, 0);
  assert.equal(sd, 1);
});
