// What a net sees of a drawing: ink, turned, scaled and centred as MNIST's digits were.
// The same as ink.py, which writes the golden values.

export const CANVAS_SIDE = 280; // units, in which strokes are given
export const PEN_RADIUS = 10; // units from the middle of a stroke to its edge
export const IMAGE_SIDE = 28; // pixels of MNIST's images
export const POOLED_SIDE = 14; // of what a net takes in
const INK_BOX = 20; // pixels of the box that holds a digit's ink
const INK_CELL = 2; // units of a side of a cell, when strokes become ink
const FINE_CELLS = 4; // a pixel, when an image is turned
const LEAST_INK = 1e-6; // below this is paper

/** A list of points [x, y]; one point is a dot. @typedef {number[][]} Stroke */
/** From 0, paper, to 1. @typedef {{ ink: Float64Array, rows: number, columns: number }} Ink */

/**
 * Ink the strokes of a round pen, on a grid just large enough for them.
 *
 * @param {Stroke[]} strokes
 * @returns {Ink}
 */
export function inkStrokes(strokes) {
  const points = strokes.flat();
  if (points.length === 0) return { ink: new Float64Array(0), rows: 0, columns: 0 };
  const margin = PEN_RADIUS + INK_CELL;
  const [left, top, right, bottom] = boundsOf(points);
  const [x0, y0] = [left - margin, top - margin];
  const columns = Math.ceil((right + margin - x0) / INK_CELL);
  const rows = Math.ceil((bottom + margin - y0) / INK_CELL);
  const nearest = new Float64Array(rows * columns).fill(Infinity); // squared distances
  const within = (/** @type {number} */ at, /** @type {number} */ count) =>
    Math.min(Math.max(Math.floor(at / INK_CELL), 0), count - 1);
  for (const stroke of strokes) {
    stroke.forEach(([ax, ay], k) => {
      const [bx, by] = stroke[Math.min(k + 1, stroke.length - 1)];
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy || 1;
      // Further away than the margin nothing is inked.
      const [firstColumn, lastColumn] = [
        within(Math.min(ax, bx) - margin - x0, columns),
        within(Math.max(ax, bx) + margin - x0, columns),
      ];
      const [firstRow, lastRow] = [
        within(Math.min(ay, by) - margin - y0, rows),
        within(Math.max(ay, by) + margin - y0, rows),
      ];
      for (let i = firstRow; i <= lastRow; i++) {
        const y = y0 + INK_CELL * (i + 0.5) - ay;
        for (let j = firstColumn; j <= lastColumn; j++) {
          const x = x0 + INK_CELL * (j + 0.5) - ax;
          const along = Math.min(Math.max((x * dx + y * dy) / length, 0), 1);
          const away = (x - along * dx) ** 2 + (y - along * dy) ** 2;
          if (away < nearest[i * columns + j]) nearest[i * columns + j] = away;
        }
      }
    });
  }
  const ink = nearest.map((away) => Math.min(Math.max((PEN_RADIUS - Math.sqrt(away)) / INK_CELL + 0.5, 0), 1));
  return { ink, rows, columns };
}

/** Turn strokes clockwise about the middle of the canvas. @param {Stroke[]} strokes @param {number} degrees */
export function turnStrokes(strokes, degrees) {
  const [c, s] = directionOf(degrees);
  const middle = CANVAS_SIDE / 2;
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [
      middle + c * (x - middle) - s * (y - middle),
      middle + s * (x - middle) + c * (y - middle),
    ]),
  );
}

/**
 * Turn a square image clockwise about its middle, onto a finer and larger grid, interpolating
 * linearly. By 0 degrees it stays as it is.
 *
 * @param {Ink} image
 * @param {number} degrees
 * @returns {Ink}
 */
export function turnImage({ ink, rows: side }, degrees) {
  if (degrees === 0) return { ink, rows: side, columns: side };
  const n = FINE_CELLS * Math.ceil(side * Math.SQRT2);
  const [c, s] = directionOf(degrees);
  const pixel = (/** @type {number} */ i, /** @type {number} */ j) =>
    i < 0 || j < 0 || i >= side || j >= side ? 0 : ink[i * side + j];
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const y = (i + 0.5 - n / 2) / FINE_CELLS;
    for (let j = 0; j < n; j++) {
      const x = (j + 0.5 - n / 2) / FINE_CELLS;
      const column = Math.min(Math.max(c * x + s * y + side / 2 - 0.5, -1), side);
      const row = Math.min(Math.max(-s * x + c * y + side / 2 - 0.5, -1), side);
      const [k, l] = [Math.floor(row), Math.floor(column)];
      const [v, u] = [row - k, column - l];
      turned[i * n + j] =
        (1 - v) * ((1 - u) * pixel(k, l) + u * pixel(k, l + 1)) +
        v * ((1 - u) * pixel(k + 1, l) + u * pixel(k + 1, l + 1));
    }
  }
  return { ink: turned, rows: n, columns: n };
}

/**
 * Scale and centre ink as MNIST's digits were: the longer side of the box around it becomes 20
 * pixels, each the mean of the ink that it covers, and its centre of mass comes to the middle
 * of 28 by 28, to the nearest pixel.
 *
 * @param {Ink} image
 * @returns {Float64Array | null} 784 pixels; null where there is no ink.
 */
export function normaliseInk({ ink, rows, columns }) {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (ink[i * columns + j] <= LEAST_INK) continue;
      [top, bottom] = [Math.min(top, i), Math.max(bottom, i)];
      [left, right] = [Math.min(left, j), Math.max(right, j)];
    }
  }
  if (bottom < 0) return null;
  const [height, width] = [bottom + 1 - top, right + 1 - left];
  const size = Math.max(height, width) / INK_BOX; // of a pixel, in cells
  const [down, across] = [inkBands(height, size), inkBands(width, size)];
  const small = down.map((row) =>
    across.map((column) => {
      let sum = 0;
      for (const [i, tall] of row) {
        for (const [j, wide] of column) sum += tall * wide * ink[(top + i) * columns + left + j];
      }
      return sum / (size * size);
    }),
  );
  const startRow = centredStart(small.map((row) => row.reduce((sum, value) => sum + value, 0)));
  const startColumn = centredStart(across.map((_, j) => small.reduce((sum, row) => sum + row[j], 0)));
  const image = new Float64Array(IMAGE_SIDE * IMAGE_SIDE);
  for (const [i, row] of small.entries()) image.set(row, (startRow + i) * IMAGE_SIDE + startColumn);
  return image;
}

/** For each band of `size` cells, centred on n cells: the cells in it, and how much of each. @param {number} n @param {number} size */
function inkBands(n, size) {
  const count = Math.ceil(n / size - 1e-9);
  const first = (n - count * size) / 2;
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [first + k * size, first + (k + 1) * size];
    /** @type {[number, number][]} */
    const cells = [];
    for (let i = Math.max(Math.floor(from), 0); i < Math.min(to, n); i++) {
      const covered = Math.min(to, i + 1) - Math.max(from, i);
      if (covered > 0) cells.push([i, covered]);
    }
    return cells;
  });
}

/** Where masses must start, so that their centre lies in the middle of the image. @param {number[]} masses */
function centredStart(masses) {
  let [total, moment] = [0, 0];
  masses.forEach((mass, i) => {
    total += mass;
    moment += i * mass;
  });
  const start = Math.floor(IMAGE_SIDE / 2 - moment / total + 0.5 + 1e-9);
  return Math.min(Math.max(start, 0), IMAGE_SIDE - masses.length);
}

/** @param {number[][]} points */
function boundsOf(points) {
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  }
  return bounds;
}

/** @param {number} degrees */
function directionOf(degrees) {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}

/** The means of two by two of 28 by 28 pixels: what the net takes in. @param {Float64Array} image */
export function poolPixels(image) {
  const side = IMAGE_SIDE;
  return Float64Array.from({ length: POOLED_SIDE ** 2 }, (_, k) => {
    const corner = 2 * Math.floor(k / POOLED_SIDE) * side + 2 * (k % POOLED_SIDE);
    return (image[corner] + image[corner + 1] + image[corner + side] + image[corner + side + 1]) / 4;
  });
}
