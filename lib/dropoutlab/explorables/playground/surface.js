// A net's answer in every place of a square, with the points that it learned from.

import { penOf } from "../shared/lifecycle.js";

/** @import { Colour } from "../shared/lifecycle.js" */
/** @import { Points } from "./datasets.js" */

const SIDE = 41; // places along each axis
const EXTENT = 1.8; // the square is [-1.8, 1.8] by [-1.8, 1.8]
/** @type {Colour} */
export const BLUE_INK = [27, 108, 208]; // class 1
/** @type {Colour} */
export const ORANGE_INK = [217, 123, 6]; // class 0

/** The places, row by row from the top, as a net takes them. */
export const PLACES = Float64Array.from({ length: 2 * SIDE * SIDE }, (_, k) => {
  const place = k >> 1;
  const along = k % 2 === 0 ? place % SIDE : SIDE - 1 - Math.floor(place / SIDE);
  return EXTENT * ((2 * along) / (SIDE - 1) - 1);
});

/** A canvas that shows probabilities at the places, their boundary, and points. */
export class Surface {
  #pen;
  #image;
  #small;

  /** @param {HTMLCanvasElement} canvas A square. */
  constructor(canvas) {
    this.canvas = canvas;
    this.probabilities = new Float64Array(SIDE * SIDE);
    this.#pen = penOf(canvas);
    this.#small = canvas.ownerDocument.createElement("canvas");
    this.#small.width = this.#small.height = SIDE;
    this.#image = penOf(this.#small).createImageData(SIDE, SIDE);
  }

  /** Draw what stands in `probabilities`; `ink` is the colour of lines. @param {Points} points @param {Colour} ink */
  draw(points, ink) {
    const [pen, size] = [this.#pen, this.canvas.width];
    const { data } = this.#image;
    this.probabilities.forEach((p, i) => {
      const [red, green, blue] = p > 0.5 ? BLUE_INK : ORANGE_INK;
      data.set([red, green, blue, 150 * Math.abs(2 * p - 1)], 4 * i);
    });
    penOf(this.#small).putImageData(this.#image, 0, 0);
    pen.clearRect(0, 0, size, size);
    const cell = size / (SIDE - 1); // a place is a corner of cells, and the centre of a pixel
    pen.drawImage(this.#small, -cell / 2, -cell / 2, size + cell, size + cell);
    pen.strokeStyle = pen.fillStyle = `rgb(${ink})`;
    this.#drawBoundary(cell);
    drawPoints2D(pen, points, size);
  }

  /** Draw where the probability is one half: in each cell, between two of its sides. @param {number} cell */
  #drawBoundary(cell) {
    const [pen, p] = [this.#pen, this.probabilities];
    pen.lineWidth = 2;
    pen.beginPath();
    for (let row = 0; row < SIDE - 1; row++) {
      for (let column = 0; column < SIDE - 1; column++) {
        const corners = [
          [0, 0],
          [0, 1],
          [1, 1],
          [1, 0],
        ].map(([down, right]) => [column + right, row + down]);
        /** @type {[number, number][]} */
        const crossings = [];
        corners.forEach(([x1, y1], k) => {
          const [x2, y2] = corners[(k + 1) % 4];
          const [a, b] = [p[y1 * SIDE + x1] - 0.5, p[y2 * SIDE + x2] - 0.5];
          if (a > 0 !== b > 0) crossings.push([x1 + ((x2 - x1) * a) / (a - b), y1 + ((y2 - y1) * a) / (a - b)]);
        });
        for (let k = 0; k + 1 < crossings.length; k += 2) {
          pen.moveTo(crossings[k][0] * cell, crossings[k][1] * cell);
          pen.lineTo(crossings[k + 1][0] * cell, crossings[k + 1][1] * cell);
        }
      }
    }
    pen.stroke();
  }
}

/**
 * Points of class 0 as filled discs, those of class 1 as open squares: no colour is needed.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Points} points
 * @param {number} size
 */
function drawPoints2D(pen, { x, labels }, size) {
  pen.lineWidth = 1.5;
  const reach = size / 80;
  for (let i = 0; i < labels.length; i++) {
    const left = ((x[2 * i] / EXTENT + 1) / 2) * size;
    const top = ((1 - x[2 * i + 1] / EXTENT) / 2) * size;
    pen.beginPath();
    if (labels[i]) pen.rect(left - reach, top - reach, 2 * reach, 2 * reach);
    else pen.arc(left, top, reach, 0, 2 * Math.PI);
    if (labels[i]) pen.stroke();
    else pen.fill();
  }
}
