// Orders, and what measurements say of them: some pairs no interval can tell apart.

/**
 * What was measured of each pair: −1 where the first comes before the second, 1 where it comes
 * after it, 0 where the interval of their difference holds zero.
 *
 * @typedef {readonly (readonly number[])[]} Signs
 */

/**
 * An order against the measured one, pair by pair.
 *
 * @param {readonly number[]} order What comes first, second, ….
 * @param {Signs} signs
 * @param {readonly (readonly number[])[]} gaps How far apart the two of a pair were measured.
 * @returns {{ told: number, right: number, worst: [number, number] | undefined }} The pairs that
 *   can be told apart, how many of these stand in the measured order, and of the others the one
 *   that lies farthest apart: first the one that was put first.
 */
export function comparedOrder(order, signs, gaps) {
  let [told, right] = [0, 0];
  /** @type {[number, number] | undefined} */
  let worst;
  order.forEach((first, i) => {
    for (const second of order.slice(i + 1)) {
      if (signs[first][second] === 0) continue;
      told++;
      if (signs[first][second] < 0) right++;
      else if (!worst || gaps[first][second] > gaps[worst[0]][worst[1]]) worst = [first, second];
    }
  });
  return { told, right, worst };
}
