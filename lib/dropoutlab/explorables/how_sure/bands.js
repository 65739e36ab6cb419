// The bands of the three methods, on a grid, at the points, and at the place asked about.

import { gaussianProcess } from "./gaussian_process.js";
import { X_MAX } from "./points.js";

/** @import { Nets } from "./nets.js" */
/** @import { Point } from "./points.js" */

/** Mean and standard deviation at each place, and the lines that they are taken over. @typedef {{ mean: number[], sd: number[], lines: Float64Array[] }} Band */
/** What a method says at the place asked about, and its mean ± at the points; ± is 2 sd. @typedef {{ mean: number, asked: number, onData: number }} Doubt */
/** @typedef {"dropout" | "nets" | "process"} Method */

export const METHODS = /** @type {Method[]} */ (["dropout", "nets", "process"]);
export const GRID = Array.from({ length: 81 }, (_, i) => (X_MAX * (i - 40)) / 40);

/** Mean and standard deviation over lines. @param {Float64Array[]} lines @returns {Band} */
export function bandOf(lines) {
  const mean = Array.from(lines[0], (_, i) => lines.reduce((sum, line) => sum + line[i], 0) / lines.length);
  const sd = mean.map((m, i) =>
    Math.sqrt(lines.reduce((sum, line) => sum + (line[i] - m) ** 2, 0) / (lines.length - 1)),
  );
  return { mean, sd, lines };
}

/**
 * The bands at every place of the grid, then at each point, then at the place asked about.
 *
 * @param {Nets} nets
 * @param {Point[]} points
 * @param {{ count: number, ask_at: number }} state
 * @returns {Record<Method, Band>}
 */
export function bandsAt(nets, points, { count, ask_at: askAt }) {
  const places = Float64Array.of(...GRID, ...points.map(([x]) => x), askAt);
  const exact = Array.from(places, gaussianProcess(points, count));
  return {
    dropout: bandOf(nets.passes(places)),
    nets: bandOf(nets.answers(places)),
    process: { mean: exact.map(({ mean }) => mean), sd: exact.map(({ sd }) => sd), lines: [] },
  };
}

/** @param {Band} band @returns {Doubt} */
export function doubtOf({ mean, sd }) {
  const atPoints = sd.slice(GRID.length, -1);
  const onData = (2 * atPoints.reduce((sum, each) => sum + each, 0)) / atPoints.length;
  return { mean: mean[mean.length - 1], asked: 2 * sd[sd.length - 1], onData };
}
