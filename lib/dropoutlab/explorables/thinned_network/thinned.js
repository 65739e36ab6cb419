// The thinned nets inside a small net: what each puts out, how likely it is, which are drawn.
//
// A net is { weights, inputs }: matrices in the order of the layers, each row the weights of
// one unit, no biases; ReLU after each but the last. What enters a matrix can be dropped. A
// mask is an integer: bit i tells whether unit i is kept, counted from the inputs on.

import { Random } from "../shared/random.js";

/** @typedef {number[][]} Matrix */
/** @typedef {{ weights: Matrix[], inputs: number[] }} Net */
/** @typedef {{ computed: number[], passed: number[] }} LayerValues */

/**
 * What decides over all masks together.
 *
 * @typedef {Net & { p_input: number, p_hidden: number, rescale: boolean }} Setting
 */

/** The mask is one that was set by hand, or empty. @typedef {Setting & { seed: number, n_drawn: number, mask: boolean[] }} Traits */

/** How many units of each layer can be dropped: inputs, then the hidden layers. @param {Matrix[]} weights */
export function layerSizes(weights) {
  return weights.map((rows) => rows[0].length);
}

/** The probability of dropping for each of those layers. @param {Matrix[]} weights @param {number} pInput @param {number} pHidden */
export function layerRates(weights, pInput, pHidden) {
  return weights.map((_, layer) => (layer === 0 ? pInput : pHidden));
}

/**
 * The values in a thinned net, layer by layer: what each unit computes, and what it passes
 * on (0 if it is dropped, else the value times the factor of its layer). The output is last.
 *
 * @param {Net} net
 * @param {number} mask
 * @param {number[]} factors One for each layer that can be dropped.
 * @returns {LayerValues[]}
 */
export function thinnedValues({ weights, inputs }, mask, factors) {
  /** @type {LayerValues[]} */
  const layers = [];
  let computed = inputs;
  let unit = 0;
  weights.forEach((rows, layer) => {
    const passed = computed.map((value) => ((mask >> unit++) & 1 ? value * factors[layer] : 0));
    layers.push({ computed, passed });
    const isLast = layer === weights.length - 1;
    computed = rows.map((row) => {
      let sum = 0;
      for (let i = 0; i < row.length; i++) sum += row[i] * passed[i];
      return isLast ? sum : Math.max(sum, 0);
    });
  });
  layers.push({ computed, passed: computed });
  return layers;
}

/** What a net puts out, of its values. @param {LayerValues[]} values */
export function outputOf(values) {
  return values[values.length - 1].passed[0];
}

/** The output of each of the 2ⁿ thinned nets, by mask. @param {Net} net @param {number[]} factors */
export function thinnedOutputs(net, factors) {
  const nUnits = layerSizes(net.weights).reduce((sum, size) => sum + size);
  return Float64Array.from({ length: 2 ** nUnits }, (_, mask) => outputOf(thinnedValues(net, mask, factors)));
}

/** The probability of each of the 2ⁿ masks. @param {number[]} sizes @param {number[]} rates */
export function maskProbabilities(sizes, rates) {
  let all = [1];
  sizes.forEach((size, layer) => {
    for (let i = 0; i < size; i++) {
      all = [...all.map((q) => q * rates[layer]), ...all.map((q) => q * (1 - rates[layer]))];
    }
  });
  return Float64Array.from(all);
}

/** Mean and standard deviation of values that have these probabilities. @param {ArrayLike<number>} values @param {ArrayLike<number>} probabilities */
export function moments(values, probabilities) {
  let [mean, square] = [0, 0];
  for (let i = 0; i < values.length; i++) mean += probabilities[i] * values[i];
  for (let i = 0; i < values.length; i++) square += probabilities[i] * (values[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(square) };
}

/** What is true of all masks together. @typedef {ReturnType<typeof exactly>} Exact */

/** @param {Setting} setting */
export function exactly({ weights, inputs, p_input, p_hidden, rescale }) {
  const sizes = layerSizes(weights);
  const rates = layerRates(weights, p_input, p_hidden);
  const inverse = rates.map((p) => 1 / (1 - p));
  const ones = rates.map(() => 1);
  const net = { weights, inputs };
  const probabilities = maskProbabilities(sizes, rates);
  const all = probabilities.length - 1;
  const full = outputOf(thinnedValues(net, all, ones));
  const [scaled, plain] = [inverse, ones].map((factors) => {
    const outputs = thinnedOutputs(net, factors);
    return { factors, outputs, ...moments(outputs, probabilities) };
  });
  // The same with rescaling as without, so that the whole net's line keeps its place.
  const marks = [0, full, plain.mean, scaled.mean - 0.8 * scaled.deviation, scaled.mean + 0.8 * scaled.deviation];
  const margin = 0.06 * (Math.max(...marks) - Math.min(...marks)) || 1;
  return {
    ...(rescale ? scaled : plain),
    sizes,
    rates,
    all,
    full,
    ones,
    nPossible: 2 ** sizes.reduce((sum, size, k) => sum + (rates[k] > 0 ? size : 0), 0),
    low: Math.min(...marks) - margin,
    high: Math.max(...marks) + margin,
  };
}

/** The mask of a list of True and False. @param {boolean[]} kept */
export function maskOf(kept) {
  return kept.reduce((mask, isKept, i) => (isKept ? mask | (1 << i) : mask), 0);
}

/** Which units a mask keeps. @param {number} mask @param {number} nUnits */
export function keptBy(mask, nUnits) {
  return Array.from({ length: nUnits }, (_, i) => Boolean((mask >> i) & 1));
}

/**
 * The masks of a generator, in their order: mask k always takes the same random words, one
 * for each unit, whatever the rates. A unit is dropped if its word is below its rate.
 *
 * @param {{ word: () => number }} random
 * @param {number[]} sizes
 * @returns {(k: number, rates: number[]) => number} The mask with number k, from 0.
 */
export function maskSequence(random, sizes) {
  const nUnits = sizes.reduce((sum, size) => sum + size);
  /** @type {number[]} */
  const words = [];
  return (k, rates) => {
    while (words.length < (k + 1) * nUnits) words.push(random.word());
    let mask = 0;
    let unit = 0;
    sizes.forEach((size, layer) => {
      for (let i = 0; i < size; i++, unit++) {
        if (words[k * nUnits + unit] >= rates[layer] * 2 ** 32) mask |= 1 << unit;
      }
    });
    return mask;
  };
}

/** The masks of a seed as they are drawn, and the running average of their outputs. */
export class Draws {
  /** The average over the first mask, the first two, and so on. @type {number[]} */
  averages = [];
  #sum = 0;
  #met = new Set();

  /** @param {Exact} exact @param {number} seed */
  constructor(exact, seed) {
    const sequence = maskSequence(new Random(seed), exact.sizes);
    this.exact = exact;
    /** The mask with number k, from 0. @param {number} k */
    this.mask = (k) => sequence(k, exact.rates);
  }

  /** How many thinned nets were met. */
  get nMet() {
    return this.#met.size;
  }

  /** Draw until there are n masks, or start over where there are more. @param {number} n */
  upTo(n) {
    if (this.averages.length > n) {
      this.averages = [];
      this.#sum = 0;
      this.#met.clear();
    }
    for (let k = this.averages.length; k < n; k++) {
      const mask = this.mask(k);
      this.#sum += this.exact.outputs[mask];
      this.averages.push(this.#sum / (k + 1));
      this.#met.add(mask);
    }
  }
}
