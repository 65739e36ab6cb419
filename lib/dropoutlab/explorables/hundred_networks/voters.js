// A net that reads digits, its weights a byte each, and the thinned networks inside it.

import { Random } from "../shared/random.js";

const CROWD_SIZE = 100;
const POOLED_SIDE = 14;
export const DIGIT_CLASSES = 10;

/** Row k of `weight` holds the weights of output k. @typedef {{ weight: Float64Array, bias: Float64Array }} ByteLayer */
/** A net, unpacked. @typedef {{ hidden: ByteLayer, output: ByteLayer, p: number, nHidden: number }} Reader */
/** What the networks say of an image. @typedef {ReturnType<typeof askNetworks>} Verdict */

/** The bytes that a base64 text stands for. @param {string} text */
export function decodeBytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Unpack a net.
 *
 * @param {{ n_hidden: number, p: number, weights: string }} state As `DigitReader.state()` in
 *   Python: for each of two layers int8 weights row by row, then float32 scales, then biases.
 * @returns {Reader}
 */
export function decodeReader({ n_hidden: nHidden, p, weights }) {
  const bytes = decodeBytes(weights);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const layer = (/** @type {number} */ rows, /** @type {number} */ columns) => {
    const steps = new Int8Array(bytes.buffer, at, rows * columns);
    const floats = Float64Array.from({ length: 2 * rows }, (_, i) =>
      view.getFloat32(at + rows * columns + 4 * i, true),
    );
    at += rows * (columns + 8);
    return {
      weight: Float64Array.from(steps, (step, k) => step * floats[Math.floor(k / columns)]),
      bias: floats.subarray(rows),
    };
  };
  return { hidden: layer(nHidden, POOLED_SIDE ** 2), output: layer(DIGIT_CLASSES, nHidden), p, nHidden };
}

/**
 * Draw the crowd of a seed.
 *
 * @param {number} seed
 * @param {Reader} reader
 * @returns {Uint8Array[]} For each network, 1 (kept) or 0 for each hidden unit.
 */
export function drawCrowd(seed, { nHidden, p }) {
  const random = new Random(seed);
  return Array.from({ length: CROWD_SIZE }, () => {
    const mask = new Uint8Array(nHidden);
    random.drawMask(mask, nHidden, p);
    return mask;
  });
}

/** The means of two by two of 28 by 28 pixels: what the net takes in. @param {Float64Array} image */
export function poolPixels(image) {
  const side = 2 * POOLED_SIDE;
  return Float64Array.from({ length: POOLED_SIDE ** 2 }, (_, k) => {
    const corner = 2 * Math.floor(k / POOLED_SIDE) * side + 2 * (k % POOLED_SIDE);
    return (image[corner] + image[corner + 1] + image[corner + side] + image[corner + side + 1]) / 4;
  });
}

/**
 * Let thinned networks vote on an image.
 *
 * They share the hidden layer, which is computed once: each keeps a part of its units, whose
 * values count 1/(1−p) times as much. The whole net keeps all, unscaled.
 *
 * @param {Reader} reader
 * @param {Float64Array} image 784 pixels.
 * @param {Uint8Array[]} masks
 */
export function askNetworks(reader, image, masks) {
  const active = byteLayer(reader.hidden, poolPixels(image)).map((value) => Math.max(value, 0));
  /** @type {number[]} */
  const votes = new Array(DIGIT_CLASSES).fill(0);
  /** @type {number[]} */
  const mean = new Array(DIGIT_CLASSES).fill(0);
  const own = masks.map((mask) => {
    const logits = byteLayer(
      reader.output,
      active.map((value, i) => (mask[i] ? value / (1 - reader.p) : 0)),
    );
    votes[largestOf(logits)] += 1;
    const shares = sharesOf(logits);
    shares.forEach((share, digit) => {
      mean[digit] += share / masks.length;
    });
    return entropyInBits(shares);
  });
  const entropy = entropyInBits(mean);
  const ownEntropy = own.reduce((sum, bits) => sum + bits, 0) / own.length;
  return {
    votes,
    mean,
    whole: sharesOf(byteLayer(reader.output, active)),
    voteEntropy: entropyInBits(votes.map((count) => count / masks.length)),
    entropy,
    disagreement: Math.max(0, entropy - ownEntropy),
  };
}

/** The index of the largest value; of equal ones the first. @param {number[] | Float64Array} values */
export function largestOf(values) {
  return values.indexOf(Math.max(...values));
}

/** The entropy of a distribution, in bits. @param {number[]} shares */
export function entropyInBits(shares) {
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0);
}

/** @param {ByteLayer} layer @param {Float64Array} x */
function byteLayer({ weight, bias }, x) {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0, k = row * x.length; i < x.length; i++, k++) sum += weight[k] * x[i];
    return sum;
  });
}

/** The probabilities that logits stand for. @param {Float64Array} logits */
function sharesOf(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
