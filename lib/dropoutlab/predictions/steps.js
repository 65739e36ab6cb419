// What keys do to a value on an axis.

import { rounded } from "./words.js";

/** @import { Writing } from "./words.js" */

/** An axis as Chart knows it. @typedef {{ place(value: number): number, value(place: number): number }} Scale */

/** In hundredths of the axis. @type {Record<string, number | undefined>} */
const HUNDREDTHS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * The value that a key leads to: at least as far that it is written in another way.
 *
 * @param {string} key
 * @param {number} value
 * @param {Scale} scale
 * @param {readonly number[]} ends
 * @param {Writing} writing
 * @returns {number | undefined} Nothing where the key means nothing here.
 */
export function stepped(key, value, scale, [low, high], writing) {
  const hundredths = HUNDREDTHS[key];
  if (!hundredths) return undefined;
  const step = ((scale.place(high) - scale.place(low)) * hundredths) / 100;
  const end = hundredths > 0 ? high : low;
  for (let n = 1; n <= 100; n++) {
    const next = scale.value(scale.place(value) + n * step);
    if (hundredths > 0 ? next >= high : next <= low) return end;
    if (rounded(next, writing) !== rounded(value, writing)) return rounded(next, writing);
  }
  return end;
}

/** A value that lies on the axis. @param {number} value @param {readonly number[]} ends */
export function within(value, [low, high]) {
  return Math.min(Math.max(value, low), high);
}
