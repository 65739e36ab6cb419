// The browser draws the shapes that dropoutlab.data draws.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawDataset, SHAPE_NAMES } from "../../../lib/dropoutlab/explorables/playground/datasets.js";
import { golden } from "../golden.js";

/** @type {Parameters<typeof drawDataset>[0]} */
const options = { shape: "moons", nTraining: 60, nTest: 40, noise: 0.1, seed: 1 };
const pointsOf = ({ x, labels }) => Array.from(labels, (label, i) => ({ label, at: [x[2 * i], x[2 * i + 1]] }));
/** @type {(one: number[], other: number[]) => number} */
const distance = ([a, b], [c, d]) => Math.hypot(a - c, b - d);
const MIDDLE = { moons: [0.5, 0.25] }; // our moons lie around the origin

for (const shape of SHAPE_NAMES) {
  test(`${shape} lie where Python's lie, with the same labels`, () => {
    const drawn = pointsOf(drawDataset({ ...options, shape, noise: 0, nTraining: 6000 }).training);
    const { x, labels } = golden("planar_shapes")[shape];
    const [dx, dy] = MIDDLE[shape] ?? [0, 0];

    x.forEach(([x1, x2], i) => {
      const same = drawn.filter(({ label }) => label === labels[i]);
      const nearest = Math.min(...same.map(({ at }) => distance(at, [x1 - dx, x2 - dy])));
      assert.ok(nearest < 0.02, `${shape} ${i}: ${nearest}`);
    });
  });
}

test("places are spread evenly along the shapes", () => {
  const share = (shape, within) => {
    const points = pointsOf(drawDataset({ ...options, shape, noise: 0, nTraining: 20000 }).training);
    return points.filter(({ at }) => within(at)).length / points.length;
  };

  assert.ok(Math.abs(share("circles", ([x, y]) => x > 0 && y > 0) - 0.25) < 0.015);
  assert.ok(Math.abs(share("moons", ([x]) => x > 0) - 0.5) < 0.015);
  assert.ok(Math.abs(share("spirals", (at) => distance(at, [0, 0]) < 0.5) - 0.25) < 0.015);
});

test("half of the points, rounded down, are of class 1, in no order", () => {
  for (const nTraining of [2, 61, 300]) {
    const { labels } = drawDataset({ ...options, nTraining }).training;

    assert.equal(
      labels.reduce((sum, label) => sum + label, 0),
      Math.floor(nTraining / 2),
    );
  }
  const { labels } = drawDataset(options).training;
  assert.notDeepEqual(labels, labels.toSorted());
  assert.notDeepEqual(labels, labels.toSorted().toReversed());
});

test("noise is normal, with the given deviation, on both coordinates", () => {
  const draw = (noise) => drawDataset({ ...options, shape: "gaussians", nTraining: 20000, noise }).training;
  const { x, labels } = draw(0.5);
  const square = (column) =>
    labels.reduce((sum, label, i) => sum + (x[2 * i + column] - (column ? 0 : 2 * label - 1)) ** 2, 0) / 20000;

  assert.ok(Math.abs(square(0) - 0.25) < 0.01);
  assert.ok(Math.abs(square(1) - 0.25) < 0.01);
});

test("the same seed gives the same points, another gives others; test points are new ones", () => {
  const [first, again, other] = [drawDataset(options), drawDataset(options), drawDataset({ ...options, seed: 2 })];

  assert.deepEqual(first, again);
  assert.notDeepEqual(first.training.x, other.training.x);
  const equal = drawDataset({ ...options, nTest: options.nTraining });
  assert.notDeepEqual(equal.training.x, equal.test.x);
  assert.equal(first.test.x.length, 80);
  assert.ok(first.test.x instanceof Float64Array);
});

test("test points do not depend on the training set; only as many labels as wanted are wrong", () => {
  const plain = drawDataset(options);
  const more = drawDataset({ ...options, nTraining: 90, wrong: 0.2 });
  const wrongIn = (wrong) => {
    const spoilt = drawDataset({ ...options, wrong });
    assert.deepEqual(spoilt.training.x, plain.training.x);
    return spoilt.training.labels.filter((label, i) => label !== plain.training.labels[i]).length;
  };

  assert.deepEqual(more.test, plain.test);
  assert.deepEqual([0, 0.2, 0.21, 0.22, 1].map(wrongIn), [0, 12, 13, 13, 60]);
});

test("bad input is refused by name", () => {
  for (const [name, bad] of /** @type {[string, unknown[]][]} */ ([
    ["shape", ["square", undefined, "toString"]],
    ["nTraining", [1, 2.5, NaN]],
    ["nTest", [0, -3]],
    ["noise", [-0.1, NaN, Infinity]],
    ["wrong", [-0.1, 1.1, NaN]],
    ["seed", [-1, NaN]],
  ])) {
    for (const value of bad) {
      assert.throws(() => drawDataset({ ...options, [name]: value }), {
        name: "RangeError",
        message: new RegExp(`^${name} must be`),
      });
    }
  }
});
