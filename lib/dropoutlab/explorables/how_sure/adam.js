// Adam, as in dropoutlab.nn: momentum, and a step length for every weight of its own.

/** @import { Network } from "../shared/network.js" */

const [BETA_1, BETA_2, EPS] = [0.9, 0.999, 1e-8];

/** The optimiser of one net. */
export class Adam {
  #net;
  #sums;
  #squareSums;
  #nSteps = 0;

  /** @param {Pick<Network<any>, "parameters" | "gradient">} net */
  constructor(net) {
    this.#net = net;
    this.#sums = new Float64Array(net.parameters.length);
    this.#squareSums = new Float64Array(net.parameters.length);
  }

  /** Step against the gradients as they are now, weight decay added: g + λw. @param {number} lr @param {number} weightDecay */
  step(lr, weightDecay) {
    const { parameters, gradient } = this.#net;
    const [sums, squareSums] = [this.#sums, this.#squareSums];
    this.#nSteps += 1;
    const rate = lr / ((1 - BETA_1 ** this.#nSteps) / (1 - BETA_1)); // by the sum of the weights of all gradients
    const weight2 = (1 - BETA_2 ** this.#nSteps) / (1 - BETA_2);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i] + weightDecay * parameters[i];
      sums[i] = BETA_1 * sums[i] + g;
      squareSums[i] = BETA_2 * squareSums[i] + g * g;
      parameters[i] -= (rate * sums[i]) / (Math.sqrt(squareSums[i] / weight2) + EPS);
    }
  }
}
