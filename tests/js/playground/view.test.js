// The playground's duel is fair, its default makes the point, and its address is read with care.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress, writeAddress } from "../../../lib/dropoutlab/explorables/playground/address.js";
import { Duel } from "../../../lib/dropoutlab/explorables/playground/duel.js";
import { RANGES, RULES, summary } from "../../../lib/dropoutlab/explorables/playground/view.js";
import { close, golden } from "../golden.js";

const DEFAULTS = golden("playground_defaults");
const SOME_RULES = { p: { min: 0, max: 0.9 }, width: { min: 1, max: 64, whole: true }, shape: ["moons", "circles"] };

function trained(settings, nEpochs) {
  const duel = new Duel({ ...DEFAULTS, ...settings });
  for (let epoch = 0; epoch < nEpochs; epoch++) duel.trainEpoch();
  return duel;
}

test("without dropout in it, both nets are the same net", () => {
  const { nets, history } = trained({ p: 0, p_input: 0 }, 20);

  assert.deepEqual(nets.with.parameters, nets.without.parameters);
  assert.deepEqual(history.with, history.without);
});

test("both begin with the same weights", () => {
  const { nets } = new Duel(DEFAULTS);

  assert.deepEqual(nets.with.parameters, nets.without.parameters);
});

test("the same settings give the same duel, another seed another one", () => {
  assert.deepEqual(trained({}, 5).history, trained({}, 5).history);
  assert.notDeepEqual(trained({}, 5).history, trained({ seed: 1 }, 5).history);
});

golden("playground_duels").forEach(({ settings, losses }, i) => {
  test(`duel ${i}, of ${settings.shape}, goes as in NumPy`, () => {
    const { training, test: elsewhere } = trained(settings, 15).history.without;

    close([training[0], elsewhere[0], training[15], elsewhere[15]], losses, 1e-9);
  });
});

const last = (values) => values[values.length - 1];

test("the default setting shows overfitting and its cure", () => {
  const { without, with: cured } = trained({}, 300).history;

  assert.ok(last(without.test) > Math.min(...without.test) + 0.2);
  assert.ok(last(without.training) < last(cured.training) - 0.1);
  assert.ok(last(without.test) > last(cured.test) + 0.2);
  assert.ok(last(without.error) > last(cured.error));
});

for (const seed of [1, 2, 3]) {
  test(`and that is no luck: seed ${seed}`, () => {
    const { without, with: cured } = trained({ seed }, 300).history;

    assert.ok(last(without.training) < last(cured.training));
    assert.ok(last(without.test) > last(cured.test));
  });
}

test("a net whose weights ran away is noticed and said", () => {
  const duel = new Duel({ ...DEFAULTS, lr: 0.3, batch_size: 1, activation: "relu", depth: 4, width: 64 });
  for (let epoch = 0; epoch < 30 && !duel.diverged; epoch++) duel.trainEpoch();
  duel.nets.with.parameters[0] = NaN;

  assert.ok(duel.diverged);
  assert.match(summary(duel).join(" "), /Lower the learning rate/);
});

test("weights run away long before they are no numbers any more", () => {
  const duel = new Duel(DEFAULTS);

  duel.nets.with.parameters[0] = -100;
  assert.ok(!duel.diverged);
  duel.nets.with.parameters[0] = -2e4;
  assert.ok(duel.diverged);
});

test("the controls allow what the traits allow", () => {
  const allowed = golden("playground_traits");
  for (const [name, rule] of Object.entries(RULES)) {
    assert.deepEqual(
      Array.isArray(rule) ? rule.toSorted() : { min: rule.min, max: rule.max },
      Array.isArray(rule) ? allowed[name].toSorted() : allowed[name],
      name,
    );
  }
  assert.deepEqual(Object.keys(RULES).sort(), Object.keys(allowed).sort());
});

test("every default can be reached with its slider", () => {
  for (const [name, { min, step }] of Object.entries(RANGES)) {
    const steps = (DEFAULTS[name] - min) / step;
    assert.ok(Math.abs(steps - Math.round(steps)) < 1e-9, name);
  }
});

test("an address gives back what was written into it", () => {
  const settings = { p: 0.25, width: 12, shape: "circles" };

  assert.deepEqual(readAddress(writeAddress("playground", settings), "playground", SOME_RULES), {
    settings,
    mended: [],
  });
});

test("an address for something else is left alone", () => {
  assert.deepEqual(readAddress("#the-course", "playground", SOME_RULES), { settings: {}, mended: [] });
  assert.deepEqual(readAddress("", "playground", SOME_RULES), { settings: {}, mended: [] });
});

test("bad values are clamped or left out, and each is named", () => {
  const hash = "#playground&p=7&width=3.4&shape=cube&lr=1&__proto__=1&p=&%zz=1";

  const { settings, mended } = readAddress(hash, "playground", SOME_RULES);

  assert.deepEqual(settings, { p: 0.9, width: 3 });
  assert.deepEqual(mended, [
    "p became 0.9, not 7",
    "width became 3, not 3.4",
    "shape cannot be “cube”",
    "there is no setting “lr”",
    "there is no setting “__proto__”",
    "p cannot be “”",
    "there is no setting “%zz”",
  ]);
});
