// What the bands say, in words.

import { signed } from "../shared/chart.js";

/** @import { Doubt, Method } from "./bands.js" */
/** @import { Point } from "./points.js" */

/** @type {Record<Method, string>} */
export const METHOD_NAMES = {
  dropout: "Dropout, left on",
  nets: "Five nets",
  process: "Gaussian process",
};

/** A number with two decimals; what rounds to zero has no sign. @param {number} value */
export const decimal = (value) => signed((Math.round(100 * value) / 100 + 0).toFixed(2));

/** @param {Point} point */
export const pointName = ([x, y]) => `Point at x ${decimal(x)}, y ${decimal(y)}`;

/** @param {Doubt} doubt */
export const describeMean = ({ mean, asked }) => `${decimal(mean)} ± ${decimal(asked)}`;

/** How many times the ± on the data the one asked about is; neither counts as less than 0.01. @param {Doubt} doubt */
export function times({ asked, onData }) {
  const ratio = Math.max(asked, 0.01) / Math.max(onData, 0.01);
  return ratio.toFixed(ratio < 9.95 ? 1 : 0);
}

/**
 * @param {Record<Method, Doubt>} doubts
 * @param {number} askAt
 * @param {Point[]} points
 */
export function describeDoubts({ dropout, nets, process }, askAt, points) {
  const nearest = Math.min(...points.map(([x]) => Math.abs(x - askAt)));
  return (
    `At x = ${decimal(askAt)}, ${decimal(nearest)} from the nearest point, the ± of dropout is ${times(dropout)} ` +
    `times what it is on the data, that of five nets ${times(nets)} times, and that of the Gaussian process ` +
    `${times(process)} times.`
  );
}
