// The six nets learn as in Python, and what each point weighs is computed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bandOf, bandsAt, doubtOf, GRID } from "../../../lib/dropoutlab/explorables/how_sure/bands.js";
import { gaussianProcess } from "../../../lib/dropoutlab/explorables/how_sure/gaussian_process.js";
import { makeNet, N_STEPS, Nets, squaredError } from "../../../lib/dropoutlab/explorables/how_sure/nets.js";
import { drawPoints } from "../../../lib/dropoutlab/explorables/how_sure/points.js";
import { close, golden } from "../golden.js";

/** Six nets after some steps. */
function trained({ points = drawPoints(0), p = 0.2, width = 8, count = 1, seed = 0 }, nSteps = 40) {
  const nets = new Nets({ width, seed });
  nets.learn(points, { p, count });
  for (let step = 0; step < nSteps; step++) nets.trainStep();
  return nets;
}

const PLACES = Float64Array.of(-1.5, 0, 0.7);

for (const { state, n_steps: nSteps, at, passes, answers } of golden("how_sure_nets")) {
  test(`width ${state.width}, p ${state.p}: ${nSteps} steps as in Python`, () => {
    const nets = trained(state, nSteps);
    const places = Float64Array.from(at);

    for (const [i, line] of nets.passes(places).slice(0, 3).entries()) close(line, passes[i], 1e-7);
    for (const [i, line] of nets.answers(places).entries()) close(line, answers[i], 1e-7);
  });
}

test("the weight of a point is how often it counts in the mean", () => {
  const [x, y] = [Float64Array.of(-1, 0.5), Float64Array.of(1, -2)];
  const rows = Uint32Array.of(0, 0, 0, 1);
  const gradient = (weights, some) => {
    const net = makeNet(4, 1);
    const loss = net.computeGradients(x, { y, weights }, some, 0, some.length, {});
    return [loss, ...net.gradient];
  };

  close(gradient([3, 1], rows.slice(2)), gradient([1, 1], rows), 1e-14);
});

test("the gradient of the squared error is its slope", () => {
  const [outputs, numbers] = [Float64Array.of(0.5, -1), { y: Float64Array.of(1, 1), weights: Float64Array.of(1, 2) }];
  const rows = Uint32Array.of(1, 0);
  const grad = new Float64Array(2);
  const loss = (moved) => squaredError(moved, numbers, rows, 0, 2, new Float64Array(2));
  squaredError(outputs, numbers, rows, 0, 2, grad);

  const slopes = outputs.map((z, i) => (loss(outputs.with(i, z + 1e-6)) - loss(outputs.with(i, z - 1e-6))) / 2e-6);
  close(grad, slopes, 1e-8);
});

test("points that all count a hundred times teach the nets the same", () => {
  const [once, often] = [trained({ count: 1 }), trained({ count: 100 })];

  assert.deepEqual(often.passes(PLACES), once.passes(PLACES));
  assert.deepEqual(often.answers(PLACES), once.answers(PLACES));
});

test("a change goes on from the present weights, and another p leaves the five nets alone", () => {
  const [nets, others] = [trained({ p: 0.2 }), trained({ p: 0.6 })];
  const before = nets.answers(PLACES);
  assert.deepEqual(others.answers(PLACES), before);
  assert.notDeepEqual(others.passes(PLACES), nets.passes(PLACES));

  nets.learn(drawPoints(3), { p: 0.2, count: 1 });

  assert.equal(nets.step, 0);
  assert.deepEqual(nets.answers(PLACES), before);
});

test("with another p only the net with dropout learns on", () => {
  const nets = trained({}, N_STEPS);
  const [passes, answers] = [nets.passes(PLACES), nets.answers(PLACES)];

  nets.dropAt(0.6);
  assert.equal(nets.step, 0);
  while (!nets.finished) nets.trainStep();

  assert.deepEqual(nets.answers(PLACES), answers);
  assert.notDeepEqual(nets.passes(PLACES), passes);
});

test("training ends, and by then the nets without dropout fit the points", () => {
  const nets = trained({ width: 16 }, N_STEPS);
  const points = drawPoints(0);

  assert.ok(nets.finished);
  for (const line of nets.answers(Float64Array.from(points, ([x]) => x))) {
    const error = points.reduce((sum, [, y], i) => sum + (line[i] - y) ** 2, 0) / points.length;
    assert.ok(error < 0.04, `${error}`);
  }
});

test("a pass has one mask for all places, and the same one the next time", () => {
  const nets = trained({});
  const lines = nets.passes(PLACES);

  assert.equal(lines.length, 100);
  assert.deepEqual(
    nets.passes(PLACES.slice(1)).map((line) => [...line]),
    lines.map((line) => [...line.slice(1)]),
  );
  assert.notDeepEqual(lines[0], lines[1]);
});

test("a band is the mean and the standard deviation over lines", () => {
  const { mean, sd } = bandOf([Float64Array.of(1, 0), Float64Array.of(2, 0), Float64Array.of(6, 0)]);

  close(mean, [3, 0], 1e-15);
  close(sd, [Math.sqrt(7), 0], 1e-15);
});

test("the doubt is two standard deviations, where it is asked for and at the points", () => {
  const points = drawPoints(0);
  const { process, dropout } = bandsAt(trained({}), points, { count: 10, ask_at: 0.25 });
  const exact = gaussianProcess(points, 10);
  const atPoints = points.map(([x]) => 2 * exact(x).sd);

  assert.equal(dropout.lines.length, 100);
  assert.equal(process.mean.length, GRID.length + points.length + 1);
  const { mean, asked, onData } = doubtOf(process);
  close(
    [mean, asked, onData],
    [exact(0.25).mean, 2 * exact(0.25).sd, atPoints.reduce((sum, each) => sum + each, 0) / points.length],
    1e-12,
  );
});
