// From a stroke to a curve: what a hand drew, at the places where it is compared.

/** A point of a stroke, or of a curve: where it stands along both axes. @typedef {readonly [number, number]} Spot */

/**
 * The values that a straight piece of a stroke gives to the places it passes.
 *
 * @param {readonly number[]} places Ascending.
 * @param {Spot} from
 * @param {Spot} to May be at the left of `from`.
 * @returns {[number, number][]} Index and value, of each place between the two, both included.
 */
function passed(places, from, to) {
  const [[left, low], [right, high]] = from[0] <= to[0] ? [from, to] : [to, from];
  /** @type {[number, number][]} */
  const found = [];
  places.forEach((place, i) => {
    if (place < left || place > right) return;
    // A piece that goes straight up or down leaves the place where it ends.
    found.push([i, right > left ? low + ((place - left) / (right - left)) * (high - low) : to[1]]);
  });
  return found;
}

/**
 * The place that a point belongs to.
 *
 * @param {readonly number[]} places Ascending, one at least.
 * @param {number} at
 * @returns {number} Its index; of two equally near ones the first.
 */
function nearest(places, at) {
  return places.reduce((best, place, i) => (Math.abs(place - at) < Math.abs(places[best] - at) ? i : best), 0);
}

/**
 * A whole stroke at the places: where it passes twice, the later pass counts, and both of its
 * ends belong to the nearest place.
 *
 * @param {readonly number[]} places Ascending.
 * @param {readonly Spot[]} stroke
 * @returns {(number | null)[]} null where it was not.
 */
export function resampled(places, stroke) {
  /** @type {(number | null)[]} */
  const values = places.map(() => null);
  const end = (/** @type {Spot} */ [at, value]) => {
    values[nearest(places, at)] = value;
  };
  if (stroke.length) end(stroke[0]);
  for (let i = 1; i < stroke.length; i++) {
    for (const [place, value] of passed(places, stroke[i - 1], stroke[i])) values[place] = value;
  }
  if (stroke.length) end(stroke[stroke.length - 1]);
  return values;
}
