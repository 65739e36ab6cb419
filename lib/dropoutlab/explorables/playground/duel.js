// Two nets on the same data from the same weights; only one of them has dropout.

import { Network } from "../shared/network.js";
import { Random } from "../shared/random.js";
import { drawDataset } from "./datasets.js";

const MOMENTUM = 0.9;
const N_TEST = 300;
const RUN_AWAY = 1e4; // of a weight; at the default setting they are about 0.6

/** @import { Shape } from "./datasets.js" */

/**
 * What a duel is about; every number is one that its control allows.
 *
 * @typedef {{ shape: Shape, noise: number, wrong: number, n_points: number, width: number,
 *   depth: number, activation: "relu" | "tanh", p: number, p_input: number, weight_decay: number,
 *   lr: number, batch_size: number, seed: number }} Settings
 */

const ARMS = /** @type {const} */ (["without", "with"]);

/** A value for every epoch: mean losses, and the share of test points that are wrong. */
function noLosses() {
  return /** @type {{ training: number[], test: number[], error: number[] }} */ ({ training: [], test: [], error: [] });
}

/** The two nets, their data, and how their losses went. Names of the nets: "without", "with". */
export class Duel {
  /** @param {Settings} settings */
  constructor(settings) {
    const { shape, noise, wrong, n_points: nTraining, width, depth, activation, seed } = settings;
    const { training, test } = drawDataset({ shape, nTraining, nTest: N_TEST, noise, seed, wrong });
    const widths = [2, ...Array(depth).fill(width), 1];
    this.settings = settings;
    this.training = training;
    this.test = test;
    this.nets = {
      without: new Network({ widths, activation, seed }),
      with: new Network({ widths, activation, seed }),
    };
    this.epoch = 0;
    this.rows = new Uint32Array(nTraining);
    this.rng = new Random(seed, 3);
    this.history = { without: noLosses(), with: noLosses() };
    this.#note();
  }

  /** One pass over the training points, in the same order for both nets. */
  trainEpoch() {
    const { p, p_input: pInput, weight_decay: weightDecay, lr, batch_size: batchSize } = this.settings;
    const common = { lr, momentum: MOMENTUM, weightDecay };
    const thinned = { ...common, p, pInput };
    const { training, rows } = this;
    this.rng.permute(rows);
    for (let start = 0; start < rows.length; start += batchSize) {
      const n = Math.min(batchSize, rows.length - start);
      this.nets.without.trainBatch(training.x, training.labels, rows, start, n, common);
      this.nets.with.trainBatch(training.x, training.labels, rows, start, n, thinned);
    }
    this.epoch += 1;
    this.#note();
  }

  /** Whether the weights of one of the nets grew beyond all measure. */
  get diverged() {
    return Object.values(this.nets).some((net) => !net.parameters.every((weight) => Math.abs(weight) < RUN_AWAY));
  }

  #note() {
    for (const name of ARMS) {
      const [net, history] = [this.nets[name], this.history[name]];
      const onTraining = net.measure(this.training.x, this.training.labels);
      const onTest = net.measure(this.test.x, this.test.labels);
      history.training.push(onTraining.loss);
      history.test.push(onTest.loss);
      history.error.push(onTest.error);
    }
  }
}
