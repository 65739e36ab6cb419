// The points: those of a seed, and what a reader does to them.

import { clamp } from "../shared/chart.js";
import { assign } from "../shared/controls.js";
import { Random } from "../shared/random.js";

/** @import { Model } from "../shared/controls.js" */

/** x and y. @typedef {[number, number]} Point */
/** @typedef {{ points: Point[], seed: number, ask_at: number }} PointTraits */

const N_POINTS = 14;
export const [MIN_POINTS, MAX_POINTS] = [2, 40];
export const [X_MAX, Y_MAX] = [2, 2.5]; // of the frame, on both sides of 0
const STREAM = 3; // of random numbers

/** The points of a seed: two clouds around sin 2x. @param {number} seed @returns {Point[]} */
export function drawPoints(seed) {
  const rng = new Random(seed, STREAM);
  return Array.from({ length: N_POINTS }, (_, i) => {
    const x = (i % 2 ? 1 : -1) * (0.6 + rng.uniform());
    return [x, Math.sin(2 * x) + 0.15 * rng.normal()];
  });
}

/** Whether a place is in the frame. @param {Point} point */
export function isInside([x, y]) {
  return Math.abs(x) <= X_MAX && Math.abs(y) <= Y_MAX;
}

const round = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;

/** @param {Point} point @returns {Point} */
const placed = ([x, y]) => [round(clamp(x, -X_MAX, X_MAX)), round(clamp(y, -Y_MAX, Y_MAX))];

/** What a reader can do to the points. @typedef {ReturnType<typeof pointActions>} Actions */

/** @param {Model<PointTraits>} model */
export function pointActions(model) {
  const now = () => (model.get("points").length ? model.get("points") : drawPoints(model.get("seed")));
  return {
    now,
    /** @param {number} index @param {Point} to */
    move(index, to) {
      assign(model, "points", now().with(index, placed(to)));
    },
    /** Whether there was room. @param {Point} point */
    add(point) {
      const points = now();
      if (points.length >= MAX_POINTS) return false;
      assign(model, "points", [...points, placed(point)]);
      return true;
    },
    /** Whether enough others stay. @param {number} index */
    remove(index) {
      const points = now();
      if (points.length <= MIN_POINTS) return false;
      assign(model, "points", points.toSpliced(index, 1));
      return true;
    },
  };
}
