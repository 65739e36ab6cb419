// The weights of a net as a picture: a block for each layer, a column for each unit.

import { penOf } from "../shared/lifecycle.js";
import { BLUE_INK, ORANGE_INK } from "./surface.js";

const FULL = 3; // root mean squares of a layer's weights, from which on a colour is full
const GAP = 6; // pixels between blocks
const THIN = 14; // pixels that a block takes at least

/** @typedef {Pick<import("../shared/network.js").Network, "layers" | "widths">} Net */
/** @typedef {{ small: HTMLCanvasElement, pen: CanvasRenderingContext2D, image: ImageData, left: number, width: number }} Block */

/** A canvas that shows the weights of nets, one at a time. */
export class WeightPicture {
  #pen;
  /** @type {Block[]} */
  #blocks = [];
  /** @type {number[]} */
  #widths = [];

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.#pen = penOf(canvas);
  }

  /**
   * Draw a net: each column of a block holds the weights that lead to one unit.
   *
   * @param {Net} net
   * @param {Float64Array} sizes For each layer, the weight that counts as one.
   */
  draw({ layers, widths }, sizes) {
    if (widths !== this.#widths) this.#prepare(widths);
    this.#pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#blocks.forEach(({ small, pen, image, left, width }, l) => {
      paintWeights(image.data, layers[l].weight, widths[l], widths[l + 1], FULL * sizes[l]);
      pen.putImageData(image, 0, 0);
      this.#pen.drawImage(small, left, 0, width, this.canvas.height);
    });
  }

  /** Make an image for each layer, and share the canvas among them by their columns. @param {number[]} widths */
  #prepare(widths) {
    this.#widths = widths;
    this.#pen.imageSmoothingEnabled = false;
    const columns = widths.slice(1);
    const room = this.canvas.width - GAP * (columns.length - 1);
    const wide = columns.map((n) => Math.max(THIN, (room * n) / sum(columns)));
    const scale = room / sum(wide);
    let left = 0;
    this.#blocks = columns.map((n, l) => {
      const small = this.canvas.ownerDocument.createElement("canvas");
      [small.width, small.height] = [n, widths[l]];
      const pen = penOf(small);
      const block = { small, pen, image: pen.createImageData(n, widths[l]), left, width: wide[l] * scale };
      left += block.width + GAP;
      return block;
    });
  }
}

/**
 * Colour the pixels of a layer by the sign and size of its weights.
 *
 * @param {Uint8ClampedArray} pixels
 * @param {Float64Array} weight
 * @param {number} nIn
 * @param {number} nOut
 * @param {number} full
 */
function paintWeights(pixels, weight, nIn, nOut, full) {
  for (let k = 0; k < nOut; k++) {
    for (let j = 0; j < nIn; j++) {
      const w = weight[k * nIn + j];
      const ink = w > 0 ? BLUE_INK : ORANGE_INK;
      const at = 4 * (j * nOut + k);
      pixels[at] = ink[0];
      pixels[at + 1] = ink[1];
      pixels[at + 2] = ink[2];
      pixels[at + 3] = 255 * Math.min(Math.abs(w) / full, 1);
    }
  }
}

/**
 * For each layer, the larger of the root mean squares of its weights in two nets: drawn by
 * these sizes, the two can be compared.
 *
 * @param {Net} one
 * @param {Net} other
 * @param {Float64Array} sizes Gets them.
 */
export function commonSizes(one, other, sizes) {
  for (let l = 0; l < sizes.length; l++) {
    sizes[l] = Math.sqrt(Math.max(meanSquare(one.layers[l].weight), meanSquare(other.layers[l].weight)));
  }
}

/** The root mean square of all weights of a net; biases do not count. @param {Pick<Net, "layers">} net */
export function weightSize({ layers }) {
  const squares = layers.map(({ weight }) => meanSquare(weight) * weight.length);
  return Math.sqrt(sum(squares) / sum(layers.map(({ weight }) => weight.length)));
}

/** @param {Float64Array} values */
function meanSquare(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * values[i];
  return total / values.length;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
