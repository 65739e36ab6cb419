// How sure? Three bands through the same points, and what each says at a place.

import { button, choice, element, onChange, slider, table } from "../shared/controls.js";
import { animation, explorable, onceSoon, reducedMotion, stateOf } from "../shared/lifecycle.js";
import { bandsAt, doubtOf, METHODS } from "./bands.js";
import { AMPLITUDE, gaussianProcess, LENGTH_SCALE, NOISE } from "./gaussian_process.js";
import { decimal, describeDoubts, describeMean, METHOD_NAMES } from "./how_sure_words.js";
import { LR, N_STEPS, Nets, WEIGHT_DECAY } from "./nets.js";
import { Panel } from "./panel.js";
import { addPoint, followKeys, followPointer } from "./point_hands.js";
import { pointActions, X_MAX } from "./points.js";

/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Doubt, Method } from "./bands.js" */
/** @import { Marks } from "./panel.js" */
/** @import { Hands } from "./point_hands.js" */
/** @import { Actions, Point } from "./points.js" */

/** @typedef {{ points: Point[], p: number, width: number, count: number, ask_at: number, seed: number }} Traits */

const NAMES = /** @type {const} */ (["points", "p", "width", "count", "ask_at", "seed"]);
const BUDGET = 10; // milliseconds of training a frame

const HELP =
  "Drag a point in any panel, and out of the frame to remove it; click beside the points to add one. With the keyboard: " +
  "Tab to a point of the first panel, arrow keys, Delete.";
const METHODS_HELP = [
  "All nets have two hidden layers of ReLU units, and learn with Adam (learning rate " +
    `${LR}, falling to 0 in ${N_STEPS.toLocaleString("en")} steps), the mean squared error and weight decay ` +
    `${WEIGHT_DECAY}. After a change of points, or of p for dropout, they go on from their weights; another width ` +
    "or count starts them afresh.",
  "Dropout: mean and standard deviation of 100 passes, each with one mask for all x; ten are drawn. Five nets: without " +
    "dropout, from five starts; all are drawn.",
  `Gaussian process: squared exponential kernel, length scale ${LENGTH_SCALE}, amplitude ${AMPLITUDE}, noise ${NOISE}; ` +
    "exact. The bands are those of the curve, without the noise of a new point.",
  "A point that counts 100 times divides the variance of the noise of the process by 100. The nets make the mean over " +
    "points small: where all points weigh 100 times, none weighs more than before.",
];

/** What each method says, side by side. */
class Doubts {
  #rows = METHODS.map((method) => [METHOD_NAMES[method], ...Array.from({ length: 2 }, () => element("span"))]);
  #caption;
  #asked;

  constructor() {
    this.view = table("", ["Method", "", "± on the data"], this.#rows);
    this.#caption = this.view.getElementsByTagName("caption")[0];
    this.#asked = this.view.getElementsByTagName("th")[1];
  }

  /** @param {Record<Method, Doubt>} doubts @param {number} askAt @param {number} nPoints */
  fill(doubts, askAt, nPoints) {
    this.#caption.textContent = `Mean ± 2 standard deviations, from ${nPoints} points`;
    this.#asked.textContent = `At x = ${decimal(askAt)}`;
    for (const [i, method] of METHODS.entries()) {
      const [, asked, onData] = /** @type {HTMLElement[]} */ (this.#rows[i]);
      asked.textContent = describeMean(doubts[method]);
      onData.textContent = `± ${decimal(doubts[method].onData)}`;
    }
  }
}

/**
 * Training: it goes on while it can be seen, until the last step.
 *
 * @param {Scene<Traits>} scene
 * @param {Actions} actions
 * @param {{ moved: () => void, ended: () => void }} listeners
 */
function makeTraining({ model, el, signal }, actions, { moved, ended }) {
  const begun = () => new Nets(stateOf(model, ["width", "seed"]));
  let nets = begun();
  let turn = 0;
  const progress = element("progress", { max: N_STEPS, value: 0 });
  const frame = () => {
    const until = performance.now() + BUDGET;
    while (!nets.finished && performance.now() < until) nets.trainStep();
    progress.value = nets.step;
    if (nets.finished) {
      playing.pause();
      ended();
    } else if (turn++ % 3 === 0 && !reducedMotion()) moved();
  };
  const playing = animation(el, frame, signal);
  const goOn = () => {
    nets.learn(actions.now(), stateOf(model, ["p", "count"]));
    playing.play();
  };
  const dropAtP = () => {
    nets.dropAt(model.get("p"));
    playing.play();
  };
  const begin = () => {
    nets = begun();
    goOn();
  };
  onChange(model, ["points"], goOn, signal);
  onChange(model, ["p"], dropAtP, signal);
  onChange(model, ["width", "count", "seed"], begin, signal);
  return { view: element("label", { class: "dl-training" }, "Training", progress), nets: () => nets, begin };
}

/** The sliders and the choices. @param {Scene<Traits>} scene */
function makeControls({ model, signal }) {
  const p = {
    label: "Dropout p",
    min: 0.05,
    max: 0.7,
    step: 0.05,
    format: (/** @type {number} */ at) => at.toFixed(2),
  };
  const count = { label: "Each point counts", values: [1, 10, 100], format: (/** @type {number} */ n) => `${n} ×` };
  const place = { label: "Ask at x", min: -X_MAX, max: X_MAX, step: 0.05, format: decimal };
  return element(
    "div",
    { class: "dl-controls" },
    slider(model, "ask_at", place, signal),
    slider(model, "p", p, signal),
    choice(model, "count", count, signal),
    choice(model, "width", { label: "Units in a layer", values: [8, 16, 32] }, signal),
  );
}

/** @param {Scene<Traits>} scene @param {Hands} hands @param {() => void} begin */
function makeButtons({ model, signal }, hands, begin) {
  const opening = stateOf(model, NAMES);
  const reset = () => {
    for (const name of NAMES) model.set(name, opening[name]);
    model.save_changes();
    begin();
  };
  const add = () => {
    const x = model.get("ask_at");
    addPoint(hands, [x, gaussianProcess(hands.actions.now(), model.get("count"))(x).mean]);
  };
  return [button("Add a point there", add, signal), button("Reset", reset, signal)];
}

/** @param {Scene<Traits>} scene @param {Panel[]} panels @param {HTMLElement[]} said @param {HTMLElement[]} buttons */
function layOut(scene, panels, said, buttons) {
  const computed = METHODS_HELP.map((text) => element("p", {}, text));
  scene.el.classList.add("dl-how-sure");
  scene.el.append(
    element("div", { class: "dl-three" }, ...panels.map(({ view }) => view)),
    ...said,
    makeControls(scene),
    element("div", { class: "dl-buttons" }, ...buttons),
    element("p", { class: "dl-help" }, HELP),
    element("details", {}, element("summary", {}, "What is computed"), ...computed),
  );
}

/** @param {Scene<Traits>} scene */
function build(scene) {
  const { model, el, signal } = scene;
  const actions = pointActions(model);
  const panels = METHODS.map((method, i) => new Panel(method, i === 0));
  const doubts = new Doubts();
  const result = element("p", { class: "dl-result" });
  const spoken = element("p", { class: "dl-spoken", role: "status" });
  /** @type {Marks} */
  const marks = { current: -1, leaving: -1 };

  const showPoints = () => {
    for (const panel of panels) panel.drawPoints(actions.now(), marks);
  };
  const draw = () => {
    const [points, state] = [actions.now(), stateOf(model, ["count", "ask_at"])];
    const bands = bandsAt(training.nets(), points, state);
    const said = { dropout: doubtOf(bands.dropout), nets: doubtOf(bands.nets), process: doubtOf(bands.process) };
    for (const [i, method] of METHODS.entries()) panels[i].drawBand(bands[method], state.ask_at);
    showPoints();
    doubts.fill(said, state.ask_at, points.length);
    result.textContent = describeDoubts(said, state.ask_at, points);
  };
  const ended = () => {
    draw();
    say(result.textContent ?? "");
  };
  const say = (/** @type {string} */ text) => {
    spoken.textContent = text;
  };
  const training = makeTraining(scene, actions, { moved: draw, ended });
  const hands = { actions, say, marks, showMarks: showPoints };
  const buttons = makeButtons(scene, hands, training.begin);

  layOut(scene, panels, [result, doubts.view], [...buttons, training.view]);
  el.append(spoken);
  for (const panel of panels) followPointer(panel, hands, signal);
  followKeys(panels[0], hands, signal);
  onChange(model, NAMES, onceSoon(draw, signal), signal);
  training.begin();
  draw();
}

export default explorable(build);
