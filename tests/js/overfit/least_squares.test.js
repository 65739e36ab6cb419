// Polynomial fits agree with NumPy's, also where there are more coefficients than points.

import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate, fitPolynomial, legendre } from "../../../lib/dropoutlab/explorables/overfit/least_squares.js";
import { drawSample, errors, pointsOf, truth, widestGap } from "../../../lib/dropoutlab/explorables/overfit/view.js";
import { close, golden } from "../golden.js";

test("Legendre polynomials have their known values", () => {
  close(legendre(0.5, 5), [1, 0.5, -0.125, -0.4375, -0.2890625], 1e-15);
  close(legendre(-1, 4), [1, -1, 1, -1], 0);
});

for (const { points, degree, coefficients, at, values } of golden("polynomial_fits")) {
  test(`degree ${degree} through ${points.length} points`, () => {
    const fit = fitPolynomial(points, degree);

    close(fit, coefficients, 1e-8);
    close(
      at.map((x) => evaluate(fit, x)),
      values,
      1e-8,
    );
  });
}

test("degree 15 keeps its digits: a polynomial of degree 15 is found again", () => {
  const wanted = Float64Array.from({ length: 16 }, (_, k) => Math.cos(3 * k));
  const points = Array.from({ length: 40 }, (_, i) => -1 + i / 19.5).map((x) => [x, evaluate(wanted, x)]);

  close(fitPolynomial(points, 15), wanted, 1e-12);
});

test("the errors of the truth itself are the noise", () => {
  const points = Array.from({ length: 400 }, (_, i) => -1 + i / 199.5).map((x) => [x, truth(x)]);
  const fit = fitPolynomial(points, 15);

  const { training, test: expected } = errors(fit, points, 0.3);

  assert.ok(training < 1e-6);
  assert.ok(Math.abs(expected - 0.3) < 1e-6);
});

test("a seed stands for points, and moved ones replace them", () => {
  const [[x, z]] = drawSample(7);

  assert.deepEqual(drawSample(7), drawSample(7));
  assert.notDeepEqual(drawSample(7), drawSample(8));
  assert.ok(drawSample(7).every(([each]) => each >= -1 && each < 1));
  assert.deepEqual(pointsOf({ points: [], seed: 7, n_points: 1, noise: 0.5 }), [[x, truth(x) + 0.5 * z]]);
  assert.deepEqual(pointsOf({ points: [[0, 0]], seed: 7, n_points: 2, noise: 0.5 }), [[0, 0]]);
});

for (const { seed, sample } of golden("overfit_samples")) {
  test(`the points of seed ${seed} are Python's`, () => {
    drawSample(seed).forEach((pair, i) => {
      close(pair, sample[i], 1e-12);
    });
  });
}

test("a new point goes into the widest gap", () => {
  assert.equal(
    widestGap([
      [-1, 0],
      [1, 0],
      [0.5, 0],
    ]),
    -0.25,
  );
  assert.ok(
    Math.abs(
      widestGap([
        [-0.9, 0],
        [-0.8, 0],
      ]) - 0.1,
    ) < 1e-12,
  );
});
