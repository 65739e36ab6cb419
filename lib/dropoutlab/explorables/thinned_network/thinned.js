// The thinned nets inside a small net: what each puts out, how likely it is, which are drawn.
//
// A net is { weights, inputs }: matrices in the order of the layers, each row the weights of
// one unit, no biases; ReLU after each but the last. What enters a matrix can be dropped. A
// mask is an integer: bit i tells whether unit i is kept, counted from the inputs on.

/** How many units of each layer can be dropped: inputs, then the hidden layers. */
export function layerSizes(weights) {
  return weights.map((rows) => rows[0].length);
}

/** The probability of dropping for each of those layers. */
export function layerRates(weights, pInput, pHidden) {
  return weights.map((_, layer) => (layer === 0 ? pInput : pHidden));
}

/**
 * The values in a thinned net, layer by layer: what each unit computes, and what it passes
 * on (0 if it is dropped, else the value times the factor of its layer). The output is last.
 *
 * @param {{ weights: number[][][], inputs: number[] }} net
 * @param {number} mask
 * @param {number[]} factors One for each layer that can be dropped.
 * @returns {{ computed: number[], passed: number[] }[]}
 */
export function thinnedValues({ weights, inputs }, mask, factors) {
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

/** The output of each of the 2ⁿ thinned nets, by mask. */
export function thinnedOutputs(net, factors) {
  const nUnits = layerSizes(net.weights).reduce((sum, size) => sum + size);
  return Float64Array.from({ length: 2 ** nUnits }, (_, mask) => thinnedValues(net, mask, factors).at(-1).passed[0]);
}

/** The probability of each of the 2ⁿ masks. */
export function maskProbabilities(sizes, rates) {
  let all = [1];
  sizes.forEach((size, layer) => {
    for (let i = 0; i < size; i++) {
      all = [...all.map((q) => q * rates[layer]), ...all.map((q) => q * (1 - rates[layer]))];
    }
  });
  return Float64Array.from(all);
}

/** Mean and standard deviation of values that have these probabilities. */
export function moments(values, probabilities) {
  let [mean, square] = [0, 0];
  values.forEach((value, i) => {
    mean += probabilities[i] * value;
  });
  values.forEach((value, i) => {
    square += probabilities[i] * (value - mean) ** 2;
  });
  return { mean, deviation: Math.sqrt(square) };
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

/** A running average of outputs, and a note of which masks were met. */
export class Tally {
  averages = [];
  nMet = 0;
  #sum = 0;
  #met = new Set();

  add(mask, output) {
    this.#sum += output;
    this.averages.push(this.#sum / (this.averages.length + 1));
    this.#met.add(mask);
    this.nMet = this.#met.size;
  }
}

/** The same without zeros at the end, as it fits in a unit. */
export function briefNumber(value) {
  const text = shortNumber(value);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A value with three digits or so. */
export function shortNumber(value) {
  const size = Math.abs(value);
  const text =
    size >= 9999.5 ? `${(value / 1000).toFixed(0)}k` : value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
  return Number.parseFloat(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** About four round numbers that lie between two others. */
export function roundTicks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}
