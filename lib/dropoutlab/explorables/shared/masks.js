// Masks of a whole net: a list of arrays, one for the inputs and one for each hidden layer,
// with a row of zeros (dropped) and ones (kept) for every example.

/**
 * Masks for n examples of a net with these widths; at first everything is kept.
 *
 * @param {number[]} widths
 * @param {number} n
 */
export function makeMasks(widths, n) {
  return widths.slice(0, -1).map((width) => new Uint8Array(n * width).fill(1));
}

/**
 * Draw masks for n examples into arrays that are given.
 *
 * @param {Uint8Array[]} masks From `makeMasks`, for n examples or more.
 * @param {number[]} widths
 * @param {number} n
 * @param {{ p?: number, pInput?: number }} rates Of dropping a hidden unit, and an input.
 * @param {import("./random.js").Random} rng
 */
export function drawMasks(masks, widths, n, { p = 0, pInput = 0 }, rng) {
  for (let l = 0; l < masks.length; l++) {
    const rate = l === 0 ? pInput : p;
    const size = n * widths[l];
    if (rate > 0) rng.drawMask(masks[l], size, rate);
    else masks[l].fill(1, 0, size);
  }
}

/**
 * Copy masks of n examples; those of a single one are repeated for all n.
 *
 * @param {Uint8Array[]} given
 * @param {Uint8Array[]} masks
 * @param {number[]} widths
 * @param {number} n
 */
export function copyMasks(given, masks, widths, n) {
  for (let l = 0; l < masks.length; l++) {
    const [size, length] = [n * widths[l], given[l]?.length];
    if (length !== size && length !== widths[l]) {
      throw new RangeError(`masks[${l}] must have ${n} x ${widths[l]} entries, got ${length}`);
    }
    for (let i = 0; i < size; i++) masks[l][i] = given[l][i % length];
  }
}

/**
 * Drop values, and multiply the survivors by `scale`.
 *
 * @param {Float64Array} values
 * @param {Uint8Array} mask
 * @param {number} scale
 * @param {number} size
 */
export function applyMask(values, mask, scale, size) {
  for (let i = 0; i < size; i++) values[i] *= mask[i] * scale;
}
