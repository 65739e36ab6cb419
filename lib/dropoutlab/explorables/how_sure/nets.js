// One net with dropout and five without, all learning the same points.

import { drawMasks, makeMasks } from "../shared/masks.js";
import { Network } from "../shared/network.js";
import { Random } from "../shared/random.js";
import { Adam } from "./adam.js";

/** @import { Point } from "./points.js" */

export const [N_NETS, N_PASSES, N_STEPS] = [5, 100, 1000];
export const [LR, WEIGHT_DECAY] = [0.02, 1e-4];
const MOST_NETS = 8; // seeds of nets for each seed of the state: none is used twice
const [BIASES, PASSES] = [2, 4]; // streams of random numbers

/** Numbers to predict, and how much each counts. @typedef {{ y: Float64Array, weights: Float64Array }} Numbers */

/**
 * The weighted mean of squared errors; `grad` gets its slopes.
 *
 * @param {Float64Array} outputs
 * @param {Numbers} numbers
 * @param {Uint32Array} rows
 * @param {number} start
 * @param {number} n
 * @param {Float64Array} grad
 */
export function squaredError(outputs, { y, weights }, rows, start, n, grad) {
  let [loss, total] = [0, 0];
  for (let i = 0; i < n; i++) total += weights[rows[start + i]];
  for (let i = 0; i < n; i++) {
    const row = rows[start + i];
    const share = weights[row] / total;
    const error = outputs[i] - y[row];
    loss += share * error * error;
    grad[i] = 2 * share * error;
  }
  return loss;
}

/** A net of two hidden layers, whose biases are uniform in [-1, 1] at first. @param {number} width @param {number} seed */
export function makeNet(width, seed) {
  const task = { loss: squaredError, answer: Number };
  const net = new Network({ widths: [1, width, width, 1], activation: "relu", seed, task });
  const rng = new Random(seed, BIASES);
  for (const { bias } of net.layers.slice(0, -1)) {
    for (let i = 0; i < width; i++) bias[i] = 2 * rng.uniform() - 1;
  }
  return net;
}

/** The learning rate: constant for the first half, then falling to zero. @param {number} step */
const rateAt = (step) => LR * Math.min(1, 2 * (1 - step / N_STEPS));

/** The six nets. */
export class Nets {
  #learners;
  #seed;
  #p = 0;
  #x = new Float64Array();
  #rows = new Uint32Array();
  /** @type {Numbers} */
  #numbers = { y: new Float64Array(), weights: new Float64Array() };

  /** @param {{ width: number, seed: number }} state */
  constructor({ width, seed }) {
    this.#seed = seed;
    this.#learners = Array.from({ length: 1 + N_NETS }, (_, k) => {
      const net = makeNet(width, MOST_NETS * seed + k);
      return { net, adam: new Adam(net), step: 0 };
    });
  }

  /** Steps that every net has taken since it last had something to learn. */
  get step() {
    return Math.min(...this.#learners.map(({ step }) => step));
  }

  get finished() {
    return this.step >= N_STEPS;
  }

  /** Go on from the present weights, with these points. @param {Point[]} points @param {{ p: number, count: number }} state */
  learn(points, { p, count }) {
    this.#x = Float64Array.from(points, ([x]) => x);
    this.#rows = Uint32Array.from(points, (_, i) => i);
    this.#numbers = {
      y: Float64Array.from(points, ([, y]) => y),
      weights: new Float64Array(points.length).fill(count),
    };
    for (const learner of this.#learners) learner.step = 0;
    this.dropAt(p);
  }

  /** Let the net with dropout go on with another p; it is none of the others' concern. @param {number} p */
  dropAt(p) {
    this.#p = p;
    this.#learners[0].step = 0;
  }

  /** Let every net that is not finished take one step on all points. */
  trainStep() {
    for (const [k, learner] of this.#learners.entries()) {
      if (learner.step >= N_STEPS) continue;
      const p = k === 0 ? this.#p : 0;
      learner.net.computeGradients(this.#x, this.#numbers, this.#rows, 0, this.#rows.length, { p });
      learner.adam.step(rateAt(learner.step), WEIGHT_DECAY);
      learner.step += 1;
    }
  }

  /** What each of 100 passes says at some places, each with one mask for all of them. @param {Float64Array} places */
  passes(places) {
    const [{ net }] = this.#learners;
    const rng = new Random(this.#seed, PASSES);
    const masks = makeMasks(net.widths, 1);
    return Array.from({ length: N_PASSES }, () => {
      drawMasks(masks, net.widths, 1, { p: this.#p }, rng);
      const line = new Float64Array(places.length);
      net.predictThinned(places, places.length, line, masks, { p: this.#p });
      return line;
    });
  }

  /** What each of the five nets says at some places. @param {Float64Array} places */
  answers(places) {
    return this.#learners.slice(1).map(({ net }) => {
      const line = new Float64Array(places.length);
      net.predict(places, places.length, line);
      return line;
    });
  }
}
