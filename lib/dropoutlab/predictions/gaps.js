// How far a guess lies from what was measured, and whether it lies inside the interval.

/** A measured number: estimate, and both ends of its interval. @typedef {[number, number, number]} Measure */

/**
 * The distance of two numbers as it is seen: on a logarithmic axis that of their logarithms.
 *
 * @param {number} a
 * @param {number} b
 * @param {boolean} log
 */
export function distance(a, b, log) {
  return Math.abs(log ? Math.log(a) - Math.log(b) : a - b);
}

/**
 * Where a guess is farthest from what was measured.
 *
 * @param {readonly (number | null)[][]} guesses A curve each; null where nothing was guessed.
 * @param {readonly Measure[][]} measured
 * @param {boolean} log Whether the axis is logarithmic.
 * @returns {{ curve: number, place: number } | undefined} The first of equally far ones.
 */
export function farthest(guesses, measured, log) {
  let found;
  let far = -1;
  guesses.forEach((values, curve) => {
    values.forEach((value, place) => {
      if (value === null) return;
      const gap = distance(value, measured[curve][place][0], log);
      if (gap > far) [far, found] = [gap, { curve, place }];
    });
  });
  return found;
}

/**
 * Whether a guess lies inside an interval, its ends included, or as near as a hand can draw.
 *
 * @param {number} guess
 * @param {Measure} measure
 * @param {number} [pen] How near that is: a `distance`.
 * @param {boolean} [log]
 */
export function isInside(guess, [, low, high], pen = 0, log = false) {
  return distance(guess, Math.min(Math.max(guess, low), high), log) <= pen;
}

/**
 * How many of the guesses lie inside their intervals, or as near as a hand can draw.
 *
 * @param {readonly (number | null)[]} guesses
 * @param {readonly Measure[]} measured
 * @param {number} [pen]
 * @param {boolean} [log]
 */
export function countInside(guesses, measured, pen, log) {
  const made = guesses.flatMap((guess, i) => (guess === null ? [] : [isInside(guess, measured[i], pen, log)]));
  return { inside: made.filter(Boolean).length, of: made.length };
}
