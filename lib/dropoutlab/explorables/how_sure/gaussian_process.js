// A Gaussian process through a few points, exactly.

/** @import { Point } from "./points.js" */

export const [LENGTH_SCALE, AMPLITUDE, NOISE] = [0.5, 1, 0.15];

/** The covariance of the function at two places: a squared exponential. @param {number} x @param {number} other */
function kernel(x, other) {
  return AMPLITUDE ** 2 * Math.exp(-(((x - other) / LENGTH_SCALE) ** 2) / 2);
}

/**
 * The lower triangle L of a matrix L Lᵀ, row by row (Cholesky).
 *
 * @param {number[][]} matrix Symmetric and positive definite.
 */
export function cholesky(matrix) {
  /** @type {number[][]} */
  const lower = [];
  for (const [i, row] of matrix.entries()) {
    lower.push([]);
    for (let j = 0; j <= i; j++) {
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      lower[i].push(i === j ? Math.sqrt(rest) : rest / lower[j][j]);
    }
  }
  return lower;
}

/** The solution v of L v = b. @param {number[][]} lower @param {number[]} b */
function solveLower(lower, b) {
  /** @type {number[]} */
  const v = [];
  for (const [i, row] of lower.entries()) v.push((b[i] - dot(row, v)) / row[i]);
  return v;
}

/** The sum of products, over the entries that b has. @param {number[]} a @param {number[]} b */
function dot(a, b) {
  return b.reduce((sum, each, i) => sum + a[i] * each, 0);
}

/**
 * Mean and standard deviation of the function at a place, given points that were each seen
 * `count` times: that divides the variance of the noise, which is not part of the answer.
 *
 * @param {Point[]} points
 * @param {number} count
 * @returns {(x: number) => { mean: number, sd: number }}
 */
export function gaussianProcess(points, count) {
  const covariances = points.map(([x], i) =>
    points.map(([other], j) => kernel(x, other) + (i === j ? NOISE ** 2 / count : 0)),
  );
  const lower = cholesky(covariances);
  const fitted = solveLower(
    lower,
    points.map(([, y]) => y),
  );
  return (x) => {
    const v = solveLower(
      lower,
      points.map(([at]) => kernel(x, at)),
    );
    return { mean: dot(fitted, v), sd: Math.sqrt(Math.max(AMPLITUDE ** 2 - dot(v, v), 0)) };
  };
}
