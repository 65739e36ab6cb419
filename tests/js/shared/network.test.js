// The browser's net computes what dropoutlab.nn computes, without leaving anything behind.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { applyTanh } from "../../../lib/dropoutlab/explorables/shared/layers.js";
import { drawMasks, makeMasks } from "../../../lib/dropoutlab/explorables/shared/masks.js";
import { Network } from "../../../lib/dropoutlab/explorables/shared/network.js";
import { Random } from "../../../lib/dropoutlab/explorables/shared/random.js";
import { close, golden } from "../golden.js";

/** n random examples, in an order of their own. */
function examples(n, width = 2, seed = 0) {
  const rng = new Random(seed);
  const rows = new Uint32Array(n);
  rng.permute(rows);
  const x = Float64Array.from({ length: n * width }, () => rng.normal());
  const labels = Uint8Array.from({ length: n }, () => rng.below(2));
  return { x, labels, rows };
}

/** A net with biases that are not zero, and masks for n examples. @param {Partial<Scene>} scene @typedef {{ activation: "tanh" | "relu", widths: number[], n: number, p: number, pInput: number }} Scene */
function scene({ activation = "tanh", widths = [2, 6, 5, 1], n = 7, p = 0, pInput = 0 }) {
  const net = new Network({ widths, activation, seed: 3 });
  const rng = new Random(9);
  for (const { bias } of net.layers) for (let k = 0; k < bias.length; k++) bias[k] = 0.3 * rng.normal();
  const masks = makeMasks(widths, n);
  drawMasks(masks, widths, n, { p, pInput }, rng);
  return { net, masks, ...examples(n, widths[0]) };
}

const bits = (text) => Uint8Array.from(text, Number);

for (const { widths, activation, options, x, labels, initial, batches, masks, losses, final, probabilities } of golden(
  "trained_networks",
)) {
  const settings = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  test(`${activation}, ${settings.join(", ")}: fifty steps as in Python`, () => {
    const net = new Network({ widths, activation });
    net.parameters.set(initial);
    const data = Float64Array.from(x);
    const seen = batches.map((rows, step) =>
      net.trainBatch(data, labels, rows, 0, rows.length, { ...options, masks: masks[step].map(bits) }),
    );
    const out = new Float64Array(labels.length);
    net.predict(data, labels.length, out);

    close(seen, losses, 1e-10);
    close(net.parameters, final, 1e-10);
    close(out, probabilities, 1e-10);
  });
}

for (const activation of /** @type {const} */ (["tanh", "relu"])) {
  for (const [p, pInput] of [
    [0, 0],
    [0.3, 0],
    [0.5, 0.2],
  ]) {
    test(`gradients are the slopes of the loss: ${activation}, p ${p}, pInput ${pInput}`, () => {
      const { net, x, labels, rows, masks } = scene({ activation, p, pInput });
      const loss = () => net.computeGradients(x, labels, rows, 0, 7, { p, pInput, masks });
      loss();
      const gradient = net.gradient.slice();
      const slopes = net.parameters.map((value, i) => {
        const at = (moved) => {
          net.parameters[i] = moved;
          return loss();
        };
        const slope = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
        net.parameters[i] = value;
        return slope;
      });

      close(gradient, slopes, 1e-8);
      assert.ok(gradient.some((g) => Math.abs(g) > 0.01));
    });
  }
}

test("tanh has fifteen digits", () => {
  const z = Float64Array.from({ length: 50001 }, (_, i) => -25 + i / 1000);
  const tanh = (values) => {
    const y = Float64Array.from(values);
    applyTanh(y, new Float64Array(y.length), new Uint8Array(y.length).fill(1), 1, y.length);
    return y;
  };

  close(tanh(z), z.map(Math.tanh), 1e-15);
  close(
    tanh([1e-9, -1e-9]).map((y) => y * 1e9),
    [1, -1],
    1e-15,
  ); // relative to z, too
  assert.deepEqual([...tanh([0, Infinity, -Infinity, NaN])], [0, 1, -1, NaN]);
});

test("masks drop at the rate p, and no unit more often than another", () => {
  const { net, x, labels, rows } = scene({ n: 50 });
  const kept = net.widths.slice(0, -1).map((width) => new Float64Array(width));
  for (let step = 0; step < 800; step++) {
    net.computeGradients(x, labels, rows, 0, 50, { p: 0.3, pInput: 0.1 });
    net.masks.forEach((mask, l) => {
      for (let i = 0; i < 50 * net.widths[l]; i++) kept[l][i % net.widths[l]] += mask[i] / 40000;
    });
  }

  // Four standard deviations of a share among 40,000 draws are 0.009.
  for (const share of [...kept[1], ...kept[2]]) assert.ok(Math.abs(share - 0.7) < 0.01, `${share}`);
  for (const share of kept[0]) assert.ok(Math.abs(share - 0.9) < 0.01, `${share}`);
});

test("every example has its own mask, and every batch", () => {
  const { net, x, labels, rows } = scene({ widths: [2, 32, 1], n: 4 });
  const draw = () => {
    net.computeGradients(x, labels, rows, 0, 4, { p: 0.5 });
    return [0, 1, 2, 3].map((i) => net.masks[1].slice(32 * i, 32 * (i + 1)).join(""));
  };

  assert.equal(new Set([...draw(), ...draw()]).size, 8);
});

test("survivors are multiplied by 1 / (1 - p)", () => {
  // One layer of relu, whose weights copy the input: the logit is the sum of what is kept.
  const net = new Network({ widths: [2, 2, 1], activation: "relu" });
  net.parameters.set([1, 0, 0, 1, 0, 0, 1, 1, 0]);
  const logit = (inputs, hidden, rates) => {
    const out = new Float64Array(1);
    net.predictThinned(
      Float64Array.of(0.5, 0.25),
      1,
      out,
      [inputs, hidden].map((mask) => Uint8Array.from(mask)),
      rates,
    );
    return Math.log(out[0] / (1 - out[0]));
  };

  close([logit([1, 1], [1, 1], { p: 0.3 })], [0.75 / 0.7], 1e-14);
  close([logit([1, 1], [0, 1], { p: 0.3 })], [0.25 / 0.7], 1e-14);
  close([logit([1, 0], [1, 1], { pInput: 0.2 })], [0.5 / 0.8], 1e-14);
  close([logit([1, 1], [1, 0], { p: 0.5, pInput: 0.2 })], [0.5 / 0.8 / 0.5], 1e-14);
  close([logit([1, 1], [1, 0], {})], [0.5], 1e-14);
});

test("the loss in training is that of the thinned nets", () => {
  const [p, pInput, n] = [0.5, 0.2, 7];
  const { net, x, labels, rows, masks } = scene({ p, pInput, n });
  const loss = net.computeGradients(x, labels, rows, 0, n, { p, pInput, masks });
  let expected = 0;
  const out = new Float64Array(1);
  for (let i = 0; i < n; i++) {
    const own = masks.map((mask, l) => mask.slice(i * net.widths[l], (i + 1) * net.widths[l]));
    net.predictThinned(x.slice(2 * rows[i], 2 * rows[i] + 2), 1, out, own, { p, pInput });
    expected -= Math.log(labels[rows[i]] ? out[0] : 1 - out[0]) / n;
  }

  close([loss], [expected], 1e-12);
});

test("predictions use all units, whatever was dropped before", () => {
  const { net, x, labels, rows } = scene({ n: 150 });
  const [before, after] = [new Float64Array(150), new Float64Array(150)];
  net.predict(x, 150, before);
  net.computeGradients(x, labels, rows, 0, 150, { p: 0.9, pInput: 0.9 });
  net.predictThinned(
    x,
    150,
    after,
    [Uint8Array.of(0, 1), Uint8Array.of(0, 0, 1, 0, 0, 1), Uint8Array.of(1, 1, 0, 0, 0)],
    { p: 0.5, pInput: 0.5 },
  );
  assert.notDeepEqual(after, before);
  net.predict(x, 150, after);

  assert.deepEqual(after, before);
  const expected = Array.from(labels, (_, i) => {
    let values = [...x.slice(2 * i, 2 * i + 2)];
    net.layers.forEach(({ weight, bias }, l) => {
      values = Array.from(bias, (b, k) => values.reduce((sum, v, j) => sum + v * weight[k * values.length + j], b));
      if (l < 2) values = values.map(Math.tanh);
    });
    return 1 / (1 + Math.exp(-values[0]));
  });
  close(after, expected, 1e-14);
});

test("what is measured are the mean loss and the share of wrong predictions", () => {
  const { net, x, labels } = scene({ n: 101 });
  const out = new Float64Array(101);
  net.predict(x, 101, out);
  const { loss, error } = net.measure(x, labels);

  close([loss], [out.reduce((sum, q, i) => sum - Math.log(labels[i] ? q : 1 - q), 0) / 101], 1e-12);
  close([error], [out.filter((q, i) => q > 0.5 !== (labels[i] === 1)).length / 101], 1e-12);
});

test("the loss is finite where the net is wrong and certain", () => {
  const net = new Network({ widths: [1, 1] });
  net.parameters.set([1000, 0]);
  const { loss } = net.measure(Float64Array.of(1, -1), Uint8Array.of(0, 1));

  assert.equal(loss, 1000);
  const [labels, rows] = [Uint8Array.of(0, 1), Uint32Array.of(0, 1)];
  assert.equal(net.computeGradients(Float64Array.of(1, -1), labels, rows, 0, 2, {}), 1000);
  assert.deepEqual([...net.gradient], [1, 0]);
});

test("the start and size of a batch choose its rows", () => {
  const { net, x, labels, rows } = scene({ n: 12 });
  const gradientOf = (some, start, n) => {
    net.computeGradients(x, labels, some, start, n, {});
    return net.gradient.slice();
  };
  const whole = gradientOf(rows, 4, 5);

  close(whole, gradientOf(rows.slice(4, 9), 0, 5), 0);
  const single = [...rows.slice(4, 9)].map((row) => gradientOf(Uint32Array.of(row), 0, 1));
  close(
    whole,
    whole.map((_, i) => single.reduce((sum, g) => sum + g[i] / 5, 0)),
    1e-15,
  );
});

test("nets share nothing", () => {
  const { net, x, labels, rows } = scene({ n: 10 });
  const other = new Network({ widths: net.widths, seed: 7 });
  const untouched = other.parameters.slice();
  net.trainBatch(x, labels, rows, 0, 10, { lr: 0.1, momentum: 0.9, p: 0.5 });

  assert.deepEqual(other.parameters, untouched);
});

test("a seed decides over weights and masks", () => {
  const run = (seed) => {
    const net = new Network({ widths: [2, 8, 1], seed });
    const { x, labels, rows } = examples(10);
    net.computeGradients(x, labels, rows, 0, 10, { p: 0.5 });
    return { weights: net.parameters, masks: net.masks[1] };
  };

  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1).weights, run(2).weights);
  assert.notDeepEqual(run(1).masks, run(2).masks);
});

test("nothing is dropped any more once p is 0", () => {
  const { net, x, labels, rows } = scene({ n: 10 });
  const loss = (rates) => net.computeGradients(x, labels, rows, 0, 10, rates);
  const before = loss({});
  loss({ p: 0.5, pInput: 0.5 });

  assert.equal(loss({}), before);
});

test("a net that has diverged leaves nothing in its successor", () => {
  const { net, x, labels, rows } = scene({ n: 8 });
  const gradient = (data) => {
    net.computeGradients(data, labels, rows, 0, 7, {});
    return net.gradient.slice();
  };
  const start = net.parameters.slice();
  const expected = gradient(x);
  net.parameters.fill(NaN);
  net.computeGradients(
    x.map(() => NaN),
    labels,
    rows,
    0,
    8,
    {},
  );
  net.parameters.set(start);

  assert.deepEqual(gradient(x), expected);
});

test("weights start with the variance that suits the activation, biases at zero", () => {
  for (const [activation, variance] of /** @type {["tanh" | "relu", number][]} */ ([
    ["tanh", 2 / 150],
    ["relu", 2 / 100],
  ])) {
    const { weight, bias } = new Network({ widths: [100, 50, 1], activation, seed: 1 }).layers[0];

    assert.ok(Math.abs(weight.reduce((sum, w) => sum + w * w, 0) / 5000 / variance - 1) < 0.08);
    assert.ok(bias.every((b) => b === 0));
  }
});

test("without hidden layers the net is logistic regression", () => {
  const net = new Network({ widths: [2, 1] });
  const { x, rows } = examples(40);
  const labels = Uint8Array.from({ length: 40 }, (_, i) => Number(x[2 * i] + x[2 * i + 1] > 0));
  for (let step = 0; step < 500; step++) net.trainBatch(x, labels, rows, 0, 40, { lr: 1 });

  assert.equal(net.measure(x, labels).error, 0);
});

test("training allocates no arrays", () => {
  const file = fileURLToPath(new URL("allocation.js", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--expose-gc", file], { encoding: "utf-8" });

  assert.equal(status, 0, stderr);
  // A handful of numbers of 16 bytes each, but nothing of the size of a layer, 32 numbers.
  const bytes = Number(stdout);
  assert.ok(bytes >= 0 && bytes < 120, `${bytes} bytes a step`);
});

test("bad input is refused by name", () => {
  const { net, x, labels, rows } = scene({ n: 10 });
  const train = (options, ...[n = 10, start = 0]) => net.trainBatch(x, labels, rows, start, n, { lr: 0.1, ...options });
  const refused = (name, call) =>
    assert.throws(call, (error) => error instanceof RangeError && error.message.startsWith(`${name} must`));

  for (const p of /** @type {number[]} */ (/** @type {unknown[]} */ ([1, -0.1, NaN, 2, "0.5", null]))) {
    refused("p", () => train({ p }));
    refused("pInput", () => train({ pInput: p }));
    refused("p", () => net.predictThinned(x, 1, new Float64Array(1), makeMasks(net.widths, 1), { p }));
  }
  for (const lr of [NaN, -1, Infinity, undefined]) refused("lr", () => train({ lr }));
  for (const momentum of [1, -0.1, NaN]) refused("momentum", () => train({ momentum }));
  for (const weightDecay of [-1, NaN]) refused("weightDecay", () => train({ weightDecay }));
  for (const n of [0, 1.5, NaN]) refused("n", () => train({}, n));
  refused("start", () => train({}, 5, -1));
  refused("start + n", () => train({}, 5, 6));
  refused("x", () => net.trainBatch(x, labels, Uint32Array.of(10), 0, 1, { lr: 0.1 }));
  refused("masks[0]", () => train({ masks: [new Uint8Array(19), new Uint8Array(60), new Uint8Array(50)] }));
  refused("masks[2]", () => train({ masks: [new Uint8Array(20), new Uint8Array(60)] }));
  refused("widths[1]", () => new Network({ widths: [2, 0, 1] }));
  refused("widths[1]", () => new Network({ widths: [2, NaN, 1] }));
  refused("widths", () => new Network({ widths: [2, 3, 2] }));
  refused("widths", () => new Network({ widths: [1] }));
  refused(
    "activation",
    () => new Network({ widths: [2, 1], activation: /** @type {"tanh"} */ (/** @type {string} */ ("sigmoid")) }),
  );
  refused("seed", () => new Network({ widths: [2, 1], seed: -1 }));
});
