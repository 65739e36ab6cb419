// What a fully connected net computes, layer by layer, for a batch of n examples. An array
// of the batch has a row for each example. All results go into arrays that are given: a batch
// allocates nothing.
//
// Two examples go side by side, so that each weight is fetched once for both: a quarter more
// speed. So n must be even.

/** Row k of `weight` holds the weights of output k. @typedef {{ weight: Float64Array, bias: Float64Array }} Layer */

/**
 * outputs = x Wᵀ + b.
 *
 * @param {Layer} layer
 * @param {Float64Array} x
 * @param {Float64Array} outputs
 * @param {number} n
 */
export function forwardLayer({ weight, bias }, x, outputs, n) {
  const nOut = bias.length;
  const nIn = weight.length / nOut;
  for (let i = 0; i < n; i += 2) {
    const [x1, x2] = [i * nIn, (i + 1) * nIn]; // where the two rows begin
    let w = 0;
    for (let k = 0; k < nOut; k++) {
      let sum1 = bias[k];
      let sum2 = bias[k];
      for (let j = 0; j < nIn; j++) {
        sum1 += weight[w] * x[x1 + j];
        sum2 += weight[w] * x[x2 + j];
        w++;
      }
      outputs[i * nOut + k] = sum1;
      outputs[(i + 1) * nOut + k] = sum2;
    }
  }
}

/**
 * Add to the gradients of a layer: ∂L/∂W = gᵀ x and ∂L/∂b = Σ g, with g = ∂L/∂outputs.
 *
 * @param {Layer} gradients
 * @param {Float64Array} x
 * @param {Float64Array} g
 * @param {number} n
 */
export function backwardLayer({ weight, bias }, x, g, n) {
  const nOut = bias.length;
  const nIn = weight.length / nOut;
  for (let i = 0; i < n; i += 2) {
    const [x1, x2] = [i * nIn, (i + 1) * nIn];
    let w = 0;
    for (let k = 0; k < nOut; k++) {
      const g1 = g[i * nOut + k];
      const g2 = g[(i + 1) * nOut + k];
      bias[k] += g1 + g2;
      for (let j = 0; j < nIn; j++) weight[w++] += g1 * x[x1 + j] + g2 * x[x2 + j];
    }
  }
}

/**
 * gradInput = g W, through the activation below: times its slopes.
 *
 * @param {Layer} layer
 * @param {Float64Array} slopes
 * @param {Float64Array} g
 * @param {Float64Array} gradInput
 * @param {number} n
 */
export function backwardInput({ weight, bias }, slopes, g, gradInput, n) {
  const nOut = bias.length;
  const nIn = weight.length / nOut;
  for (let i = 0; i < n; i += 2) {
    const [g1, g2] = [i * nOut, (i + 1) * nOut];
    for (let j = 0; j < nIn; j++) {
      let sum1 = 0;
      let sum2 = 0;
      for (let k = 0; k < nOut; k++) {
        sum1 += g[g1 + k] * weight[k * nIn + j];
        sum2 += g[g2 + k] * weight[k * nIn + j];
      }
      const [at1, at2] = [i * nIn + j, (i + 1) * nIn + j];
      gradInput[at1] = sum1 * slopes[at1];
      gradInput[at2] = sum2 * slopes[at2];
    }
  }
}

/**
 * Put an activation and dropout in place of the first `size` values; `slopes` gets the derivatives.
 *
 * @callback Apply
 * @param {Float64Array} values
 * @param {Float64Array} slopes
 * @param {Uint8Array} mask
 * @param {number} scale
 * @param {number} size
 */

/** tanh. @type {Apply} */
export function applyTanh(values, slopes, mask, scale, size) {
  for (let i = 0; i < size; i++) {
    // Calls of Math.tanh were half of all training; this takes a third of their time. With a
    // the nearest entry of the table and z = a + r, tanh z follows from tanh a and tanh r by
    // the addition theorem. r is so small that four terms of the power series give tanh r.
    const z = Math.min(Math.max(values[i], -20), 20);
    const entry = (16 * z + 320.5) | 0;
    const tanhA = TANH[entry];
    const r = z - (entry - 320) / 16;
    const r2 = r * r;
    const tanhR = r * (1 - r2 * (1 / 3 - r2 * (2 / 15 - (r2 * 17) / 315)));
    const y = (tanhA + tanhR) / (1 + tanhA * tanhR);
    const kept = mask[i] * scale;
    values[i] = kept * y;
    slopes[i] = kept * (1 - y * y);
  }
}

// tanh at -20, -20 + 1/16, …, 20, beyond which it is 1 to all digits.
const TANH = Float64Array.from({ length: 641 }, (_, i) => Math.tanh((i - 320) / 16));

/** max(z, 0), whose slope at 0 is taken to be 0. @type {Apply} */
export function applyRelu(values, slopes, mask, scale, size) {
  for (let i = 0; i < size; i++) {
    const kept = mask[i] * scale;
    const z = values[i];
    values[i] = kept * Math.max(z, 0);
    slopes[i] = z > 0 ? kept : 0;
  }
}

/**
 * The mean loss -log q of a batch, with q = 1 / (1 + exp(-z)) the probability that the logit z
 * gives to a label of 1, and 1 - q to a label of 0. `grad` gets ∂L/∂z.
 *
 * @param {Float64Array} logits
 * @param {Uint8Array} labels
 * @param {Uint32Array} rows
 * @param {number} start
 * @param {number} n
 * @param {Float64Array} grad
 */
export function crossEntropy(logits, labels, rows, start, n, grad) {
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const sign = labels[rows[start + i]] ? 1 : -1;
    const z = sign * logits[i];
    const e = Math.exp(-Math.abs(z)); // at most 1: nothing overflows
    loss += Math.log1p(e) + Math.max(-z, 0);
    grad[i] = (-sign * (z > 0 ? e : 1)) / (1 + e) / n;
  }
  return loss / n;
}
