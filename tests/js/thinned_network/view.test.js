// Thinned nets agree with dropoutlab.nn, their mean with the sum over all masks in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Random } from "../../../lib/dropoutlab/explorables/shared/random.js";
import {
  briefNumber,
  describeMask,
  describeProgress,
  explain,
  shortNumber,
} from "../../../lib/dropoutlab/explorables/thinned_network/mask_words.js";
import {
  Draws,
  exactly,
  keptBy,
  layerRates,
  layerSizes,
  maskOf,
  maskProbabilities,
  maskSequence,
  moments,
  thinnedValues,
} from "../../../lib/dropoutlab/explorables/thinned_network/thinned.js";
import { close, golden } from "../golden.js";

for (const { state, masks, outputs, full, mean, drawn } of golden("thinned_network")) {
  const name = `p = ${state.p_hidden}, ${state.p_input} for inputs, ${state.rescale ? "rescaled" : "not rescaled"}`;

  test(`${name}: the outputs under given masks, the whole net's and the mean over all`, () => {
    const exact = exactly(state);

    close(
      masks.map((mask) => exact.outputs[mask]),
      outputs,
      1e-12,
    );
    close([exact.full, exact.mean], [full, mean], 1e-12);
  });

  test(`${name}: the masks of the seed`, () => {
    const sizes = layerSizes(state.weights);
    const sequence = maskSequence(new Random(state.seed), sizes);

    const found = drawn.map((_, k) => sequence(k, layerRates(state.weights, state.p_input, state.p_hidden)));

    assert.deepEqual(found, drawn);
  });
}

const net = {
  weights: [
    [
      [1, 2],
      [-1, 1],
    ],
    [[3, 5]],
  ],
  inputs: [2, 1],
};

test("what units compute and pass on, by hand", () => {
  assert.deepEqual(thinnedValues(net, 0b1111, [1, 2]), [
    { computed: [2, 1], passed: [2, 1] },
    { computed: [4, 0], passed: [8, 0] },
    { computed: [24], passed: [24] },
  ]);
  assert.deepEqual(thinnedValues(net, 0b1010, [4, 2]), [
    { computed: [2, 1], passed: [0, 4] },
    { computed: [8, 4], passed: [0, 8] },
    { computed: [40], passed: [40] },
  ]);
});

test("the probabilities of all masks, by hand", () => {
  close(maskProbabilities([1, 2], [0.2, 0.5]), [0.05, 0.2, 0.05, 0.2, 0.05, 0.2, 0.05, 0.2], 1e-15);
  close(maskProbabilities([2], [0.9]), [0.81, 0.09, 0.09, 0.01], 1e-15);
});

test("mean and standard deviation, by hand", () => {
  const { mean, deviation } = moments([0, 4], [0.75, 0.25]);

  close([mean, deviation], [1, Math.sqrt(3)], 1e-15);
});

test("a higher rate drops more of the same units", () => {
  const sequence = maskSequence(new Random(3), [3, 4, 4]);
  const other = maskSequence(new Random(3), [3, 4, 4]);
  for (let k = 0; k < 200; k++) {
    const [less, more] = [sequence(k, [0.2, 0.3, 0.3]), sequence(k, [0.5, 0.8, 0.8])];
    assert.equal(more & ~less, 0);
    assert.equal(sequence(k, [0, 0, 0]), 2047);
  }
  assert.equal(other(199, [0.2, 0.5, 0.5]), sequence(199, [0.2, 0.5, 0.5])); // whichever was asked for first
});

test("the average of many thinned nets is near the mean over all masks, not the whole net's output", () => {
  const [{ state }] = golden("thinned_network");
  const exact = exactly(state);
  const draws = new Draws(exact, 1);
  draws.upTo(10_000);

  assert.equal(draws.averages.length, 10_000);
  assert.equal(draws.nMet, 256);
  assert.ok(Math.abs(draws.averages[9999] - exact.mean) < 0.06); // three standard errors
  assert.ok(Math.abs(exact.mean - exact.full) > 0.1);
});

test("every output is averaged, a mask that comes again is met once, and fewer draws start over", () => {
  const [{ state }] = golden("thinned_network");
  const exact = exactly({ ...state, p_hidden: 0.9 });
  const [draws, fresh] = [new Draws(exact, 5), new Draws(exact, 5)];
  draws.upTo(50);
  const masks = Array.from({ length: 50 }, (_, k) => draws.mask(k));
  const mean = (n) => masks.slice(0, n).reduce((sum, mask) => sum + exact.outputs[mask], 0) / n;

  close(
    [0, 1, 49].map((k) => draws.averages[k]),
    [1, 2, 50].map(mean),
    1e-12,
  );
  assert.equal(draws.nMet, new Set(masks).size);
  assert.ok(draws.nMet < 50);
  draws.upTo(3);
  fresh.upTo(3);
  assert.deepEqual([draws.averages, draws.nMet], [fresh.averages, fresh.nMet]);
});

test("only what can be dropped makes thinned nets", () => {
  const [{ state }] = golden("thinned_network");
  const count = (p_hidden, p_input) => exactly({ ...state, p_hidden, p_input }).nPossible;

  assert.deepEqual([count(0, 0), count(0, 0.1), count(0.1, 0), count(0.1, 0.1)], [1, 8, 256, 2048]);
});

test("the chart's range does not depend on rescaling, and holds every line", () => {
  const [{ state }] = golden("thinned_network");
  for (const p_hidden of [0, 0.5, 0.9]) {
    const [on, off] = [true, false].map((rescale) => exactly({ ...state, p_hidden, rescale }));

    assert.deepEqual([on.low, on.high], [off.low, off.high]);
    for (const value of [on.full, on.mean, off.mean]) assert.ok(on.low < value && value < on.high);
  }
});

test("a net of zeros has a range too", () => {
  const { low, high } = exactly({ weights: [[[0]], [[0]]], inputs: [0], p_input: 0, p_hidden: 0.5, rescale: true });

  assert.deepEqual([low, high], [-1, 1]);
});

test("masks are numbers and lists", () => {
  assert.equal(maskOf([true, false, true, true]), 0b1101);
  assert.deepEqual(keptBy(0b1101, 5), [true, false, true, true, false]);
});

test("numbers are as long as a unit is wide", () => {
  const values = [1.987, 0, -0.004, 9.994, 9.996, -12.34, 99.94, 99.96, 9999.4, 9999.6, -31_000];

  assert.deepEqual(values.map(shortNumber), [
    "1.99",
    "0.00",
    "0.00",
    "9.99",
    "10.0",
    "−12.3",
    "99.9",
    "100",
    "9999",
    "10k",
    "−31k",
  ]);
  assert.deepEqual([1.5, 2, 0, -0.001, 10, 100, 0.25, 20_000].map(briefNumber), [
    "1.5",
    "2",
    "0",
    "0",
    "10",
    "100",
    "0.25",
    "20k",
  ]);
});

test("a unit says how its number comes about", () => {
  const values = thinnedValues(net, 0b1101, [1, 2]);
  const say = (layer, index, how) => explain(net.weights, values, layer, index, how);

  assert.equal(say(0, 0, { kept: true, factor: 1 }), "input 1 = 2, kept.");
  assert.equal(say(0, 1, { kept: false, factor: 1 }), "input 2 = 1, dropped: it passes on 0.");
  assert.equal(say(1, 0, { kept: true, factor: 2 }), "hidden 1, unit 1 = ReLU(1 × 2 + 2 × 0) = 2, kept, times 2 = 4.");
  assert.equal(
    say(1, 1, { kept: false, factor: 2 }),
    "hidden 1, unit 2 = ReLU(−1 × 2 + 1 × 0) = 0, dropped: it passes on 0.",
  );
  assert.equal(say(2, 0, { kept: true, factor: 1 }), "output = 3 × 4 + 5 × 0 = 12.");
});

test("words for the mask that is shown", () => {
  const exact = { sizes: [1, 2, 1], full: 1.5, rates: [0, 0.5, 0.5] };
  const kept = [true, false, true, false];

  assert.equal(
    describeMask({ n_drawn: 0 }, exact, { kept: [true, true, true, true], output: 1.5, byHand: false }),
    "No mask drawn yet. The whole net gives 1.50.",
  );
  assert.equal(
    describeMask({ n_drawn: 1234 }, exact, { kept, output: -0.25, byHand: false }),
    "Mask 1,234 drops 2 of 3 hidden units. This thinned net gives −0.25; the whole net gives 1.50.",
  );
  assert.equal(
    describeMask({ n_drawn: 7 }, exact, { kept: [false, true, true, true], output: 0, byHand: true }),
    "Set by hand, not counted: drops 0 of 3 hidden units and 1 of 1 inputs. This thinned net gives 0.00; the whole net gives 1.50.",
  );
});

test("words on the way change when a quarter more was met", () => {
  const words = (nMet) => describeProgress(nMet, 2048);

  assert.equal(words(511), "Drawing masks.");
  assert.equal(words(512), "Drawing masks. At least a quarter of the 2,048 thinned nets were met.");
  assert.equal(words(1024), words(1535));
  assert.equal(words(1536), "Drawing masks. At least three quarters of the 2,048 thinned nets were met.");
  assert.equal(words(2047), words(1536));
  assert.equal(words(2048), "Drawing masks. All 2,048 thinned nets were met.");
});
