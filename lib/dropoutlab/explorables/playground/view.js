// The playground: two nets learn side by side, and only one of them has dropout.

import { assign, button, choice, element, onChange, slider } from "../shared/controls.js";
import { animation, colour, explorable, onScheme, reducedMotion } from "../shared/lifecycle.js";
import { Random } from "../shared/random.js";
import { readAddress, writeAddress } from "./address.js";
import { Duel } from "./duel.js";
import { LineChart } from "./line_chart.js";
import { makeMasks } from "./masks.js";
import { PLACES, Surface } from "./surface.js";
import { commonSizes, WeightPicture, weightSize } from "./weight_picture.js";

const LAST_EPOCH = 600;
const EPOCHS_A_FRAME = 3;
const AT_ONCE = 4e7; // weights times points that take about a second at most
const CANVAS = 320; // pixels along a side
const LOSS_MAX = 1;
const percent = (share) => `${Math.round(100 * share)} %`;

/** What each setting may be, and how its control looks. */
export const SETTINGS = {
  shape: {
    label: "Data",
    options: { moons: "two moons", circles: "circles", spirals: "spirals", gaussians: "two clouds" },
  },
  activation: { label: "Activation", options: { relu: "ReLU", tanh: "tanh" } },
  p: { label: "Dropout", min: 0, max: 0.9, step: 0.05, format: percent },
  p_input: { label: "Dropout of inputs", min: 0, max: 0.9, step: 0.05, format: percent },
  noise: { label: "Noise", min: 0, max: 1, step: 0.05, format: (v) => v.toFixed(2) },
  wrong: { label: "Wrong labels", min: 0, max: 0.4, step: 0.05, format: percent },
  n_points: { label: "Training points", min: 10, max: 300, step: 10, whole: true },
  width: { label: "Width", min: 1, max: 64, step: 1, whole: true },
  depth: { label: "Hidden layers", min: 1, max: 4, step: 1, whole: true },
  lr: { label: "Learning rate", min: 0.005, max: 0.3, step: 0.005, format: (v) => v.toFixed(3) },
  weight_decay: { label: "L2 (weight decay)", min: 0, max: 0.02, step: 0.0005, format: (v) => v.toFixed(4) },
  batch_size: { label: "Batch size", min: 1, max: 50, step: 1, whole: true },
  seed: { min: 0, max: 9999, whole: true },
};
const NAMES = Object.keys(SETTINGS);
const BEFORE_THE_FOLD = ["shape", "p", "width", "wrong"];
const RULES = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, rule]) => [name, rule.options ? Object.keys(rule.options) : rule]),
);

/** Say where both nets stand, in one sentence each. */
export function summary(duel) {
  if (duel.diverged) return ["The weights ran away: the steps are too large. Lower the learning rate, or drop less."];
  const last = (name, kind) => duel.history[name][kind].at(-1);
  const report = (name) =>
    `${name === "with" ? "With" : "Without"} dropout: test loss ${last(name, "test").toFixed(2)}, ` +
    `${(100 * last(name, "error")).toFixed(0)} % of the test points wrong.`;
  return [`Epoch ${duel.epoch}.`, report("without"), report("with")];
}

/** Say how large the weights of both nets are. */
export function weightSummary({ diverged, nets }) {
  if (diverged) return "";
  return `Root mean square of the weights: ${weightSize(nets.without).toFixed(2)} without dropout, ${weightSize(nets.with).toFixed(2)} with it.`;
}

export default explorable(({ model, el, signal }) => {
  const note = element("p", { class: "dl-help", role: "status" });
  const alone = Boolean(el.closest(".dl-explorable")); // no kernel: the settings live in the address
  if (alone) {
    const { settings, mended } = readAddress(location.hash, "playground", RULES);
    for (const [name, value] of Object.entries(settings)) model.set(name, value);
    if (mended.length) note.textContent = `Not everything in the address could be used: ${mended.join("; ")}.`;
  }
  const scene = makeScene();
  const result = element("p", { class: "dl-result" });
  const spoken = element("p", { class: "dl-spoken", role: "status" });
  let duel;
  let ink;
  let turn = 0;

  const playing = animation(
    el,
    () => {
      const until = performance.now() + 6;
      for (let k = 0; k < EPOCHS_A_FRAME && performance.now() < until && !finished(); k++) duel.trainEpoch();
      show([turn++ % 3]); // one surface a frame, with the first the chart, with the second the weights
      if (finished()) pause();
    },
    signal,
  );
  const finished = () => duel.epoch >= LAST_EPOCH || duel.diverged;

  const toggle = button("Pause", () => (playing.playing ? pause() : finished() ? begin() : play()), signal);
  const step = button(
    "Step",
    () => {
      duel.trainEpoch();
      pause();
    },
    signal,
  );
  const bar = element(
    "div",
    { class: "dl-buttons" },
    toggle,
    step,
    button("Reset", begin, signal),
    button("Other points", newSeed, signal),
  );
  if (alone) bar.append(button("Share", share, signal));

  const make = (name) => (SETTINGS[name].options ? choice : slider)(model, name, SETTINGS[name], signal);
  const shown = NAMES.filter((name) => SETTINGS[name].label);
  const first = element("div", { class: "dl-controls" }, ...BEFORE_THE_FOLD.map(make));
  const rest = element(
    "div",
    { class: "dl-controls" },
    ...shown.filter((name) => !BEFORE_THE_FOLD.includes(name)).map(make),
  );
  el.classList.add("dl-playground");
  const losses = element("div", { class: "dl-views" }, scene.chart.drawing, element("div", {}, result, bar));
  el.append(
    scene.canvases,
    losses,
    first,
    scene.weights,
    element("details", {}, element("summary", {}, "All settings"), rest),
    note,
    spoken,
  );

  function begin() {
    duel = new Duel(Object.fromEntries(NAMES.map((name) => [name, model.get(name)])));
    if (reducedMotion()) {
      // the result, and nothing that moves
      const work = duel.training.labels.length * duel.nets.with.parameters.length; // an epoch's
      const nEpochs = Math.min(300, Math.ceil(AT_ONCE / work));
      while (duel.epoch < nEpochs && !duel.diverged) duel.trainEpoch();
      pause();
    } else play();
    show();
  }

  function play() {
    toggle.textContent = "Pause";
    step.disabled = false;
    playing.play();
  }

  function pause() {
    playing.pause();
    toggle.textContent = finished() ? "Play again" : "Play";
    step.disabled = finished();
    show();
    speak();
  }

  function speak() {
    spoken.textContent = [...summary(duel), weightSummary(duel)].join(" ").trim();
  }

  function newSeed() {
    assign(model, "seed", (model.get("seed") + 1) % 10000);
  }

  async function share() {
    const hash = writeAddress("playground", duel.settings);
    history.replaceState(null, "", hash);
    try {
      await navigator.clipboard.writeText(location.href);
      note.textContent = "The address with these settings is copied, and stands in the address bar.";
    } catch {
      note.textContent = "These settings now stand in the address bar: copy them from there.";
    }
  }

  function show(which = [0, 1, 2]) {
    for (const k of which) scene.surfaces[k](duel, ink);
    if (which.includes(1)) scene.showWeights(duel);
    if (!which.includes(0)) return;
    scene.chart.draw(
      {
        "dl-without dl-training": duel.history.without.training,
        "dl-without dl-test": duel.history.without.test,
        "dl-with dl-training": duel.history.with.training,
        "dl-with dl-test": duel.history.with.test,
      },
      LOSS_MAX,
    );
    result.replaceChildren(...summary(duel).flatMap((line, i) => (i ? [element("br"), line] : [line])));
  }

  const repaint = () => {
    ink = colour(el, "--dl-ink");
    if (duel) show();
  };
  onScheme(repaint, signal);
  onChange(model, NAMES, begin, signal);
  repaint();
  begin();
});

/** The three surfaces and the chart. */
function makeScene() {
  const one = makeThinned();
  const views = [
    ["Without dropout", (duel, out) => duel.nets.without.predict(PLACES, out.length, out)],
    ["With dropout", (duel, out) => duel.nets.with.predict(PLACES, out.length, out)],
    ["One thinned net of it", one],
  ].map(([title, predict]) => {
    const canvas = element("canvas", {
      width: CANVAS,
      height: CANVAS,
      role: "img",
      "aria-label": `${title}: where the net sees which class`,
    });
    const surface = new Surface(canvas);
    const draw = (duel, ink) => {
      if (!duel.diverged) predict(duel, surface.probabilities);
      surface.draw(duel.training, ink);
    };
    return { view: element("div", {}, element("p", { class: "dl-title" }, title), canvas), draw };
  });
  const chart = new LineChart({
    label: "Losses of both nets on training and test points",
    xName: "epoch",
    yName: "loss (nats)",
    lines: {
      "dl-without dl-training": "without, training",
      "dl-without dl-test": "without, test",
      "dl-with dl-training": "with, training",
      "dl-with dl-test": "with, test",
    },
  });
  const canvases = element("div", { class: "dl-surfaces" }, ...views.map(({ view }) => view));
  return { canvases, surfaces: views.map(({ draw }) => draw), chart, ...makeWeights() };
}

/** The weights of both nets side by side, what they mean, and how large they are. */
function makeWeights() {
  const pictures = ["without", "with"].map((name) => {
    const label = `Weights ${name} dropout, layer by layer`;
    const canvas = element("canvas", {
      class: "dl-weights",
      width: 600,
      height: 180,
      role: "img",
      "aria-label": label,
    });
    return {
      name,
      picture: new WeightPicture(canvas),
      view: element("div", {}, element("p", { class: "dl-title" }, `Weights ${name}`), canvas),
    };
  });
  const size = element("span");
  const legend = element(
    "p",
    { class: "dl-help" },
    "A block for each layer, a column for each unit: the weights that lead to it. Blue is positive, orange negative; " +
      "the larger the weight, the stronger the colour, alike in both nets. ",
    size,
  );
  const weights = element("div", { class: "dl-pair" }, ...pictures.map(({ view }) => view), legend);
  let sizes = new Float64Array(0);
  const showWeights = (duel) => {
    const { nets } = duel;
    if (sizes.length !== nets.with.layers.length) sizes = new Float64Array(nets.with.layers.length);
    commonSizes(nets.without, nets.with, sizes);
    for (const { name, picture } of pictures) picture.draw(nets[name], sizes);
    size.textContent = weightSummary(duel);
  };
  return { weights, showWeights };
}

/** Predict with one mask for all places, another one for each duel. */
function makeThinned() {
  let [of, masks] = [null, null];
  return (duel, out) => {
    const { p, p_input: pInput, seed } = duel.settings;
    if (of !== duel) {
      [of, masks] = [duel, makeMasks(duel.nets.with.widths, 1)];
      const rng = new Random(seed, 4);
      masks.forEach((mask, l) => rng.drawMask(mask, mask.length, l ? p : pInput));
    }
    duel.nets.with.predictThinned(PLACES, out.length, out, masks, { p, pInput });
  };
}
