// Two classes in the plane, of the shapes that dropoutlab.data draws.

import { checkInteger, checkNumber, Random } from "../shared/random.js";

const TURNS = 1.5; // of the spirals

/** @typedef {"moons" | "circles" | "spirals" | "gaussians"} Shape */

/**
 * Where the point at u, from 0 to 1, along a class stands when there is no noise.
 *
 * @type {Record<Shape, (label: number, u: number) => [number, number]>}
 */
const SHAPES = {
  // The middle of the two is moved to the origin, which dropoutlab.data leaves where it is.
  moons: (label, u) => {
    const [x, y] = [Math.cos(Math.PI * u) - 0.5, Math.sin(Math.PI * u) - 0.25];
    return label ? [-x, -y] : [x, y];
  },
  circles: (label, u) => {
    const radius = label ? 0.5 : 1;
    return [radius * Math.cos(2 * Math.PI * u), radius * Math.sin(2 * Math.PI * u)];
  },
  spirals: (label, u) => {
    const radius = (label ? -1 : 1) * Math.sqrt(u); // the root spreads the points evenly
    const angle = 2 * Math.PI * TURNS * Math.sqrt(u);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  gaussians: (label) => [label ? 1 : -1, 0],
};

/** The names of the shapes. */
export const SHAPE_NAMES = /** @type {Shape[]} */ (Object.keys(SHAPES));

/**
 * Points of two classes: a row [x1, x2] each, one after the other, and its label, 0 or 1.
 *
 * @typedef {{ x: Float64Array, labels: Uint8Array }} Points
 */

/**
 * Draw points to learn from, and others of the same kind to test with. Neither changes with
 * the number of the other.
 *
 * @param {object} options
 * @param {Shape} options.shape
 * @param {number} options.nTraining At least 2; half of them, rounded down, are of class 1.
 * @param {number} options.nTest Likewise.
 * @param {number} options.noise Standard deviation of the normal noise on both coordinates.
 * @param {number} options.seed
 * @param {number} [options.wrong] The share of training labels that are made wrong, 0 to 1.
 * @returns {{ training: Points, test: Points }}
 */
export function drawDataset({ shape, nTraining, nTest, noise, seed, wrong = 0 }) {
  if (!Object.hasOwn(SHAPES, shape)) {
    throw new RangeError(`shape must be one of ${SHAPE_NAMES.join(", ")}, got ${shape}`);
  }
  checkInteger("nTraining", nTraining, 2);
  checkInteger("nTest", nTest, 2);
  checkNumber("noise", noise, 0, Infinity);
  checkNumber("wrong", wrong, 0, 1 + Number.EPSILON);
  const training = drawPoints(shape, nTraining, noise, new Random(seed, 0));
  spoilLabels(training.labels, wrong, new Random(seed, 2));
  return { training, test: drawPoints(shape, nTest, noise, new Random(seed, 1)) };
}

/**
 * Draw n points of a shape.
 *
 * @param {Shape} shape
 * @param {number} n
 * @param {number} noise
 * @param {Random} rng
 */
function drawPoints(shape, n, noise, rng) {
  const order = new Uint32Array(n);
  rng.permute(order);
  const labels = Uint8Array.from(order, (place) => Number(place < Math.floor(n / 2)));
  const x = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const [x1, x2] = SHAPES[shape](labels[i], rng.uniform());
    x[2 * i] = x1 + noise * rng.normal();
    x[2 * i + 1] = x2 + noise * rng.normal();
  }
  return { x, labels };
}

/**
 * Make a share of the labels wrong, that of exactly round(share * n) points.
 *
 * @param {Uint8Array} labels
 * @param {number} share
 * @param {Random} rng
 */
function spoilLabels(labels, share, rng) {
  const order = new Uint32Array(labels.length);
  rng.permute(order);
  for (const i of order.subarray(0, Math.round(share * labels.length))) labels[i] = 1 - labels[i];
}
