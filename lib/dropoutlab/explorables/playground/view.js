// The playground: two nets learn side by side, and only one of them has dropout.

import { assign, button, choice, element, onChange, slider } from "../shared/controls.js";
import { animation, colour, explorable, onScheme, reducedMotion, stateOf } from "../shared/lifecycle.js";
import { readAddress, writeAddress } from "./address.js";
import { Duel } from "./duel.js";
import { LossChart } from "./loss_chart.js";
import { makeSurfaces, makeWeights, weightSummary } from "./pictures.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Rule } from "./address.js" */
/** @import { Settings } from "./duel.js" */

const LAST_EPOCH = 600;
const EPOCHS_A_FRAME = 3;
const AT_ONCE = 4e7; // weights times points that take about a second at most

const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;
const decimals = (/** @type {number} */ n) => (/** @type {number} */ value) => value.toFixed(n);

/**
 * A choice with its words.
 *
 * @template {string} Kind
 * @param {string} label
 * @param {Record<Kind, string>} words
 */
function among(label, words) {
  const values = /** @type {Kind[]} */ (Object.keys(words));
  return { label, values, format: (/** @type {Kind} */ kind) => words[kind] };
}

const SHAPE_CHOICE = among("Data", {
  moons: "two moons",
  circles: "circles",
  spirals: "spirals",
  gaussians: "two clouds",
});
const ACTIVATION_CHOICE = among("Activation", { relu: "ReLU", tanh: "tanh" });
export const RANGES = {
  p: { label: "Dropout", min: 0, max: 0.9, step: 0.05, format: percent },
  p_input: { label: "Dropout of inputs", min: 0, max: 0.9, step: 0.05, format: percent },
  noise: { label: "Noise", min: 0, max: 1, step: 0.05, format: decimals(2) },
  wrong: { label: "Wrong labels", min: 0, max: 0.4, step: 0.05, format: percent },
  n_points: { label: "Training points", min: 10, max: 300, step: 10, whole: true },
  width: { label: "Width", min: 1, max: 64, step: 1, whole: true },
  depth: { label: "Hidden layers", min: 1, max: 4, step: 1, whole: true },
  lr: { label: "Learning rate", min: 0.005, max: 0.3, step: 0.005, format: decimals(3) },
  weight_decay: { label: "L2 (weight decay)", min: 0, max: 0.02, step: 0.0005, format: decimals(4) },
  batch_size: { label: "Batch size", min: 1, max: 50, step: 1, whole: true },
};
const BEFORE_THE_FOLD = /** @type {const} */ (["shape", "p", "width", "wrong"]);
const BEHIND_IT = /** @type {const} */ ([
  "activation",
  "p_input",
  "noise",
  "n_points",
  "depth",
  "lr",
  "weight_decay",
  "batch_size",
]);
const NAMES = /** @type {const} */ ([...BEFORE_THE_FOLD, ...BEHIND_IT, "seed"]);

/** What each setting may be. @type {Record<keyof Settings, Rule>} */
export const RULES = {
  shape: SHAPE_CHOICE.values,
  activation: ACTIVATION_CHOICE.values,
  ...RANGES,
  seed: { min: 0, max: 9999, whole: true },
};

/** Say where both nets stand, in one sentence each. @param {Pick<Duel, "diverged" | "history" | "epoch">} duel */
export function summary({ diverged, history, epoch }) {
  if (diverged) return ["The weights ran away: the steps are too large. Lower the learning rate, or drop less."];
  const report = (/** @type {"without" | "with"} */ name) => {
    const { test, error } = history[name];
    return (
      `${name === "with" ? "With" : "Without"} dropout: test loss ${test[epoch].toFixed(2)}, ` +
      `${(100 * error[epoch]).toFixed(0)} % of the test points wrong.`
    );
  };
  return [`Epoch ${epoch}.`, report("without"), report("with")];
}

/**
 * Take the settings from the address of the page, and return what to say of those that are none.
 *
 * @param {Model<Settings>} model
 */
function takeAddress(model) {
  const { settings, mended } = readAddress(location.hash, "playground", RULES);
  // The rules are those of the traits.
  const traits = /** @type {Model<typeof settings>} */ (/** @type {unknown} */ (model));
  for (const [name, value] of Object.entries(settings)) traits.set(name, value);
  return mended.length ? `Not everything in the address could be used: ${mended.join("; ")}.` : "";
}

/** Put the settings into the address, and say where it is. @param {Settings} settings */
async function share(settings) {
  history.replaceState(null, "", writeAddress("playground", settings));
  try {
    await navigator.clipboard.writeText(location.href);
    return "The address with these settings is copied, and stands in the address bar.";
  } catch {
    return "These settings now stand in the address bar: copy them from there.";
  }
}

/**
 * The controls of some settings.
 *
 * @param {Scene<Settings>} scene
 * @param {readonly (typeof BEFORE_THE_FOLD | typeof BEHIND_IT)[number][]} names
 */
function makeControls({ model, signal }, names) {
  const bound = names.map((name) => {
    if (name === "shape") return choice(model, name, SHAPE_CHOICE, signal);
    if (name === "activation") return choice(model, name, ACTIVATION_CHOICE, signal);
    return slider(model, name, RANGES[name], signal);
  });
  return element("div", { class: "dl-controls" }, ...bound);
}

/** The pictures of a duel and what is said of it, and how to bring them up to date. @param {HTMLElement} el */
function makeStage(el) {
  const [surfaces, weights, losses] = [makeSurfaces(), makeWeights(), new LossChart()];
  const result = element("p", { class: "dl-result" });
  const spoken = element("p", { class: "dl-spoken", role: "status" });
  let ink = colour(el, "--dl-ink");
  return {
    surfaces: surfaces.view,
    weights: weights.view,
    losses: losses.drawing,
    result,
    spoken,
    /** With surface 0 the chart, with surface 1 the weights. @param {Duel} duel @param {number[]} which */
    show(duel, which = [0, 1, 2]) {
      for (const k of which) surfaces.draw[k](duel, ink);
      if (which.includes(1)) weights.draw(duel);
      if (!which.includes(0)) return;
      losses.draw(duel);
      result.replaceChildren(...summary(duel).flatMap((line, i) => (i ? [element("br"), line] : [line])));
    },
    /** @param {Duel} duel */
    speak(duel) {
      spoken.textContent = [...summary(duel), weightSummary(duel)].join(" ").trim();
    },
    takeInk() {
      ink = colour(el, "--dl-ink");
    },
  };
}

/** @typedef {ReturnType<typeof makeStage>} Stage */

/**
 * Training: it goes on while it can be seen, and begins anew with other settings.
 *
 * @param {Scene<Settings>} scene
 * @param {Stage} stage
 */
function makeTraining({ model, el, signal }, stage) {
  const begun = () => new Duel(stateOf(model, NAMES));
  let duel = begun();
  let turn = 0;
  const finished = () => duel.epoch >= LAST_EPOCH || duel.diverged;
  const toggle = button("Pause", () => (playing.playing ? pause() : finished() ? begin() : play()), signal);
  const step = button("Step", () => pause(() => duel.trainEpoch()), signal);
  const frame = () => {
    const until = performance.now() + 6;
    for (let k = 0; k < EPOCHS_A_FRAME && performance.now() < until && !finished(); k++) duel.trainEpoch();
    stage.show(duel, [turn++ % 3]); // one surface a frame
    if (finished()) pause();
  };
  const playing = animation(el, frame, signal);

  const play = () => {
    toggle.textContent = "Pause";
    step.disabled = false;
    playing.play();
  };
  const pause = (before = () => {}) => {
    before();
    playing.pause();
    toggle.textContent = finished() ? "Play again" : "Play";
    step.disabled = finished();
    stage.show(duel);
    stage.speak(duel);
  };
  /** The result, and nothing that moves. */
  const runAtOnce = () => {
    const work = duel.training.labels.length * duel.nets.with.parameters.length; // an epoch's
    const nEpochs = Math.min(300, Math.ceil(AT_ONCE / work));
    while (duel.epoch < nEpochs && !duel.diverged) duel.trainEpoch();
  };
  const begin = () => {
    duel = begun();
    if (reducedMotion()) pause(runAtOnce);
    else play();
    stage.show(duel);
  };
  const repaint = () => {
    stage.takeInk();
    stage.show(duel);
  };
  return { toggle, step, begin, repaint, settings: () => duel.settings };
}

/** @param {Scene<Settings>} scene */
function build(scene) {
  const { model, el, signal } = scene;
  const note = element("p", { class: "dl-help", role: "status" });
  const alone = Boolean(el.closest(".dl-explorable")); // no kernel: the settings live in the address
  if (alone) note.textContent = takeAddress(model);
  const stage = makeStage(el);
  const { toggle, step, begin, repaint, settings } = makeTraining(scene, stage);
  const otherPoints = () => assign(model, "seed", (model.get("seed") + 1) % 10000);
  const sayShared = async () => {
    note.textContent = await share(settings());
  };
  const buttons = [toggle, step, button("Reset", begin, signal), button("Other points", otherPoints, signal)];
  if (alone) buttons.push(button("Share", sayShared, signal));

  const beside = element("div", {}, stage.result, element("div", { class: "dl-buttons" }, ...buttons));
  const first = makeControls(scene, BEFORE_THE_FOLD);
  const rest = makeControls(scene, BEHIND_IT);
  el.classList.add("dl-playground");
  el.append(
    stage.surfaces,
    element("div", { class: "dl-views" }, stage.losses, beside),
    first,
    stage.weights,
    element("details", {}, element("summary", {}, "All settings"), rest),
    note,
    stage.spoken,
  );
  onScheme(repaint, signal);
  onChange(model, NAMES, begin, signal);
  begin();
}

export default explorable(build);
