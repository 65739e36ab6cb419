// What a finger means: a stroke to the side turns the step, and so does a tap on the ground.

/** @import { Move } from "./keys.js" */

const [FAR, STILL] = [50, 10]; // pixels

/**
 * @param {number} dx How far the finger went to the right.
 * @param {number} dy And down.
 * @param {number} place Where it began, as a share of the width.
 * @returns {Move | undefined}
 */
export function stroke(dx, dy, place) {
  if (Math.abs(dx) >= FAR && Math.abs(dx) > 2 * Math.abs(dy)) return dx < 0 ? "forward" : "back";
  if (Math.hypot(dx, dy) > STILL) return undefined;
  return place < 0.3 ? "back" : "forward";
}
