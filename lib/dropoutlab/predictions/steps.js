// What keys do to a value on an axis.

import { rounded } from "./words.js";

/** @import { Writing } from "./words.js" */

/** An axis as Chart knows it. @typedef {{ place(value: number): number, value(place: number): number }} Scale */

/** In hundredths of the axis. @type {Record<string, number | undefined>} */
const HUNDREDTHS = {
  ArrowUp: 1,
  ArrowRight: 1,
  PageUp: 10,
  End: 100,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageDown: -10,
  Home: -100,
  Enter: 0,
  " ": 0,
};

/**
 * The value that a key leads to: at least as far that it is written in another way. Enter and
 * the space bar leave it as it stands.
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
  if (!hundredths) return hundredths === 0 ? rounded(value, writing) : undefined;
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

/** How wide a drawing in an element is, in whole pixels; 0 before the element is shown. @param {Element} el */
export function widthOf(el) {
  return el.clientWidth && Math.round(within(el.clientWidth, [240, 760]));
}
