// A fully connected net with one output and dropout, trained by gradient descent.

import { applyRelu, applyTanh, backwardInput, backwardLayer, crossEntropy, forwardLayer } from "./layers.js";
import { applyMask, copyMasks, drawMasks, makeMasks } from "./masks.js";
import { checkInteger, checkNumber, Random } from "./random.js";

/** @import { Apply, Layer } from "./layers.js" */

/**
 * For each activation, what computes it, and the variance of initial weights that suits it.
 *
 * @type {Record<"tanh" | "relu", { apply: Apply, variance: (nIn: number, nOut: number) => number }>}
 */
const ACTIVATIONS = {
  tanh: { apply: applyTanh, variance: (nIn, nOut) => 2 / (nIn + nOut) }, // glorot_normal
  relu: { apply: applyRelu, variance: (nIn) => 2 / nIn }, // he_normal
};
/**
 * What a net learns: `loss` returns the mean loss of a batch from the outputs z and the targets
 * of its rows, and leaves ∂L/∂z in `grad`; `answer` makes of an output what is predicted.
 *
 * @template Targets
 * @typedef {object} Task
 * @property {(outputs: Float64Array, targets: Targets, rows: Uint32Array, start: number, n: number, grad: Float64Array) => number} loss
 * @property {(z: number) => number} answer
 */

/** The output is the logit of class 1, the answer its probability. @type {Task<Uint8Array>} */
const TWO_CLASSES = { loss: crossEntropy, answer: (z) => 1 / (1 + Math.exp(-z)) };
const CHUNK = 64; // rows that are predicted at a time, an even number

/**
 * How to train. `lr` is the learning rate, `momentum` and `weightDecay` are as in nn.SGD of
 * dropoutlab: weight decay applies to biases too. `p` is the probability of dropping a hidden
 * unit, `pInput` an input, both in [0, 1). Given `masks` are used in place of drawn ones.
 *
 * @typedef {object} Training
 * @property {number} lr
 * @property {number} [momentum]
 * @property {number} [weightDecay]
 * @property {number} [p]
 * @property {number} [pInput]
 * @property {Uint8Array[]} [masks]
 */

/**
 * A net with one output: by default the logit z of class 1, with the cross-entropy as its loss.
 *
 * Masks are lists of arrays, one for the inputs and one for each hidden layer, with a row of
 * zeros (dropped) and ones (kept) for every example. Survivors are multiplied by 1 / (1 - p).
 *
 * Training allocates no arrays once it has seen its largest batch.
 *
 * @template [Targets=Uint8Array]
 */
export class Network {
  #apply;
  #rng;
  #task;
  #training;
  #prediction;

  /**
   * @param {object} options
   * @param {number[]} options.widths Of the inputs, the hidden layers and the output, which is 1.
   * @param {"tanh" | "relu"} [options.activation] Of the hidden units.
   * @param {number} [options.seed] Decides over initial weights and masks.
   * @param {Task<Targets>} [options.task]
   */
  constructor({ widths, activation = "tanh", seed = 0, task = /** @type {Task<any>} */ (TWO_CLASSES) }) {
    if (widths.length < 2) throw new RangeError(`widths must name inputs and output, got [${widths}]`);
    for (const [l, width] of widths.entries()) checkInteger(`widths[${l}]`, width, 1);
    if (widths.at(-1) !== 1) throw new RangeError(`widths must end with 1, got [${widths}]`);
    if (!Object.hasOwn(ACTIVATIONS, activation)) {
      throw new RangeError(`activation must be tanh or relu, got ${activation}`);
    }
    const { apply, variance } = ACTIVATIONS[activation];
    this.#apply = apply;
    this.#rng = new Random(seed, 1);
    this.#task = task;
    this.#training = makeBuffers(widths, 0);
    this.#prediction = makeBuffers(widths, CHUNK);
    this.widths = [...widths];
    this.activation = activation;
    /** All weights and biases in one array; their gradients, and their velocities. */
    this.parameters = new Float64Array(widths.slice(1).reduce((n, width, l) => n + width * (widths[l] + 1), 0));
    this.gradient = new Float64Array(this.parameters.length);
    this.velocity = new Float64Array(this.parameters.length);
    /** Views into them, { weight, bias } a layer: `weight` has a row for each output. */
    this.layers = layerViews(this.parameters, widths);
    this.gradients = layerViews(this.gradient, widths);
    const rng = new Random(seed);
    this.layers.forEach(({ weight }, l) => {
      const scale = Math.sqrt(variance(widths[l], widths[l + 1]));
      for (let i = 0; i < weight.length; i++) weight[i] = scale * rng.normal();
    });
  }

  /** The masks of the last batch; its rows come first, what follows them has no meaning. */
  get masks() {
    return this.#training.masks;
  }

  /**
   * Take one step on the examples rows[start], …, rows[start + n - 1].
   *
   * @param {Float64Array} x All examples, row by row.
   * @param {Targets} targets What the task's loss compares with: for two classes a label, 0 or 1, for each.
   * @param {Uint32Array} rows
   * @param {number} start
   * @param {number} n
   * @param {Training} options
   * @returns {number} The mean loss of the batch, with its masks, before the step.
   */
  trainBatch(x, targets, rows, start, n, options) {
    const loss = this.computeGradients(x, targets, rows, start, n, options);
    this.update(options);
    return loss;
  }

  /**
   * Compute the mean loss of a batch, and leave its gradients in `gradients`.
   *
   * @param {Float64Array} x
   * @param {Targets} targets
   * @param {Uint32Array} rows
   * @param {number} start
   * @param {number} n
   * @param {Omit<Training, "lr">} options
   */
  computeGradients(x, targets, rows, start, n, options) {
    const { p = 0, pInput = 0, masks } = options;
    checkInteger("n", n, 1);
    checkInteger("start", start, 0);
    if (start + n > rows.length) throw new RangeError(`start + n must be at most ${rows.length}, got ${start + n}`);
    checkNumber("p", p, 0, 1);
    checkNumber("pInput", pInput, 0, 1);
    const even = n + (n % 2); // an odd batch gets a row of zeros, without a gradient
    if (even > this.#training.capacity) this.#training = makeBuffers(this.widths, even);
    const buffers = this.#training;
    if (masks) copyMasks(masks, buffers.masks, this.widths, n);
    else drawMasks(buffers.masks, this.widths, n, options, this.#rng);

    loadRows(buffers.outputs[0], x, rows, start, n, this.widths[0]);
    this.#forward(buffers, even, p, pInput);
    const grad = buffers.grads[this.layers.length];
    const loss = this.#task.loss(buffers.outputs[this.layers.length], targets, rows, start, n, grad);
    grad.fill(0, n);
    this.#backward(buffers, even);
    return loss;
  }

  /** Step against the gradients: g + λw makes the velocity v ← μv + g + λw, and w ← w - lr v. @param {Training} options */
  update({ lr, momentum = 0, weightDecay = 0 }) {
    checkNumber("lr", lr, 0, Infinity);
    checkNumber("momentum", momentum, 0, 1);
    checkNumber("weightDecay", weightDecay, 0, Infinity);
    const { parameters, gradient, velocity } = this;
    for (let i = 0; i < parameters.length; i++) {
      velocity[i] = momentum * velocity[i] + gradient[i] + weightDecay * parameters[i];
      parameters[i] -= lr * velocity[i];
    }
  }

  /**
   * The answers for the first n rows of x, with all units on.
   *
   * @param {Float64Array} x
   * @param {number} n
   * @param {Float64Array} out Gets them.
   */
  predict(x, n, out) {
    this.predictThinned(x, n, out, makeMasks(this.widths, 1), {});
  }

  /**
   * The same from one thinned net: `masks` have a single row, for all rows of x alike.
   *
   * @param {Float64Array} x
   * @param {number} n
   * @param {Float64Array} out
   * @param {Uint8Array[]} masks
   * @param {{ p?: number, pInput?: number }} rates
   */
  predictThinned(x, n, out, masks, { p = 0, pInput = 0 }) {
    checkNumber("p", p, 0, 1);
    checkNumber("pInput", pInput, 0, 1);
    const { answer } = this.#task;
    this.#predict(x, n, masks, p, pInput, (i, z) => {
      out[i] = answer(z);
    });
  }

  /** Mean cross-entropy and share of errors on all examples of two classes, with all units on. @param {Float64Array} x @param {Uint8Array} labels */
  measure(x, labels) {
    let [loss, error] = [0, 0];
    this.#predict(x, labels.length, makeMasks(this.widths, 1), 0, 0, (i, logit) => {
      const z = labels[i] ? logit : -logit;
      loss += (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0)) / labels.length;
      if (logit > 0 !== Boolean(labels[i])) error += 1 / labels.length;
    });
    return { loss, error };
  }

  /**
   * Hand the output of each row to `use`.
   *
   * @param {Float64Array} x
   * @param {number} n
   * @param {Uint8Array[]} masks
   * @param {number} p
   * @param {number} pInput
   * @param {(i: number, z: number) => void} use
   */
  #predict(x, n, masks, p, pInput, use) {
    const { outputs } = this.#prediction;
    const last = outputs[outputs.length - 1];
    copyMasks(masks, this.#prediction.masks, this.widths, CHUNK);
    for (let start = 0; start < n; start += CHUNK) {
      const size = Math.min(CHUNK, n - start);
      loadRows(outputs[0], x, null, start, size, this.widths[0]);
      this.#forward(this.#prediction, size + (size % 2), p, pInput);
      for (let i = 0; i < size; i++) use(start + i, last[i]);
    }
  }

  /**
   * From the inputs in outputs[0] to the last of the outputs.
   *
   * @param {Buffers} buffers
   * @param {number} n
   * @param {number} p
   * @param {number} pInput
   */
  #forward({ outputs, slopes, masks }, n, p, pInput) {
    const { widths, layers } = this;
    if (pInput > 0) applyMask(outputs[0], masks[0], 1 / (1 - pInput), n * widths[0]);
    for (let l = 1; l <= layers.length; l++) {
      forwardLayer(layers[l - 1], outputs[l - 1], outputs[l], n);
      if (l < layers.length) this.#apply(outputs[l], slopes[l], masks[l], 1 / (1 - p), n * widths[l]);
    }
  }

  /** From the gradients of the output to those of all weights and biases. @param {Buffers} buffers @param {number} n */
  #backward({ outputs, slopes, grads }, n) {
    this.gradient.fill(0);
    for (let l = this.layers.length; l >= 1; l--) {
      backwardLayer(this.gradients[l - 1], outputs[l - 1], grads[l], n);
      if (l > 1) backwardInput(this.layers[l - 1], slopes[l - 1], grads[l], grads[l - 1], n);
    }
  }
}

/** @typedef {ReturnType<typeof makeBuffers>} Buffers */

/** Where a batch of n leaves what each layer computes; the inputs count as layer 0. @param {number[]} widths @param {number} n */
function makeBuffers(widths, n) {
  const make = () => widths.map((width) => new Float64Array(n * width));
  return { capacity: n, outputs: make(), slopes: make(), grads: make(), masks: makeMasks(widths, n) };
}

/** Cut one array into the weights and biases of the layers. @param {Float64Array} array @param {number[]} widths @returns {Layer[]} */
function layerViews(array, widths) {
  let at = 0;
  const take = (/** @type {number} */ size) => {
    at += size;
    return array.subarray(at - size, at);
  };
  return widths.slice(1).map((nOut, l) => ({ weight: take(nOut * widths[l]), bias: take(nOut) }));
}

/**
 * Copy rows of x, those that are named or else one after the other.
 *
 * @param {Float64Array} inputs
 * @param {Float64Array} x
 * @param {Uint32Array | null} rows
 * @param {number} start
 * @param {number} n
 * @param {number} width
 */
function loadRows(inputs, x, rows, start, n, width) {
  let at = 0;
  for (let i = start; i < start + n; i++) {
    const from = (rows ? rows[i] : i) * width;
    if (!(from + width <= x.length)) {
      throw new RangeError(`x must hold row ${from / width}, got ${x.length / width} rows`);
    }
    for (let j = 0; j < width; j++) inputs[at++] = x[from + j];
  }
  inputs.fill(0, at);
}
