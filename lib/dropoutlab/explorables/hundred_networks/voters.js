// A net that reads digits, its weights a byte each, and the thinned networks inside it.

import { byteLayer, unpackLayers } from "../shared/bytes.js";
import { POOLED_SIDE, poolPixels } from "../shared/ink.js";
import { Random } from "../shared/random.js";

/** @import { ByteLayer } from "../shared/bytes.js" */

const CROWD_SIZE = 100;
export const DIGIT_CLASSES = 10;

/** A net, unpacked. @typedef {{ hidden: ByteLayer, output: ByteLayer, p: number, nHidden: number }} Reader */
/** What the networks say of an image. @typedef {ReturnType<typeof askNetworks>} Verdict */

/**
 * Unpack a net.
 *
 * @param {{ n_hidden: number, p: number, weights: string }} state As `DigitReader.state()` in Python.
 * @returns {Reader}
 */
export function decodeReader({ n_hidden: nHidden, p, weights }) {
  const [hidden, output] = unpackLayers(weights, [
    [nHidden, POOLED_SIDE ** 2],
    [DIGIT_CLASSES, nHidden],
  ]);
  return { hidden, output, p, nHidden };
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

/** The probabilities that logits stand for. @param {Float64Array} logits */
function sharesOf(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
