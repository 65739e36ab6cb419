// The thinned network: masks drawn one by one on a small net, and what its outputs average to.

import { assign, button, checkbox, element, onChange, slider } from "../shared/controls.js";
import { explorable, remembered, stateOf } from "../shared/lifecycle.js";
import { AverageView } from "./average_view.js";
import { describeMask, describeProgress, explain } from "./mask_words.js";
import { NetView, unitOf } from "./net_view.js";
import { makeDrawing, makePace, makePlayer } from "./play.js";
import { Draws, exactly, keptBy, maskOf, outputOf, thinnedValues } from "./thinned.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Unit } from "./net_view.js" */
/** @import { Exact, Matrix, Traits } from "./thinned.js" */

const NAMES = /** @type {const} */ ([
  ...["p_hidden", "p_input", "rescale", "seed", "n_drawn", "mask", "weights", "inputs"],
]);
const HINT =
  "Click a unit, or press Enter on it, to drop it or bring it back. Dashed connections have negative weights.";

/**
 * The thinned net of a state: the one set by hand, else the last one drawn, else the whole net.
 *
 * @param {Traits} traits
 * @param {Draws} draws
 */
function shownOf(traits, { exact, mask: drawnMask }) {
  const byHand = traits.mask.length > 0;
  const isFull = !byHand && traits.n_drawn === 0;
  const mask = byHand ? maskOf(traits.mask) : isFull ? exact.all : drawnMask(traits.n_drawn - 1);
  const factors = isFull ? exact.ones : exact.factors;
  const values = thinnedValues(traits, mask, factors);
  const nUnits = exact.sizes.reduce((sum, size) => sum + size);
  return { byHand, kept: keptBy(mask, nUnits), factors, values, output: outputOf(values) };
}

/** Return a function that computes what the traits stand for; most changes leave most of it as it was. @param {Model<Traits>} model */
function makeReading(model) {
  const exactOf = remembered(
    (/** @type {[Matrix[], number[], number, number, boolean]} */ ...[weights, inputs, p_hidden, p_input, rescale]) =>
      exactly({ weights, inputs, p_hidden, p_input, rescale }),
  );
  const drawsOf = remembered((/** @type {Exact} */ exact, /** @type {number} */ seed) => new Draws(exact, seed));
  return () => {
    const traits = stateOf(model, NAMES);
    const { weights, inputs, p_hidden, p_input, rescale, seed, n_drawn } = traits;
    const draws = drawsOf(exactOf(weights, inputs, p_hidden, p_input, rescale), seed);
    draws.upTo(n_drawn);
    return { traits, draws, shown: shownOf(traits, draws) };
  };
}

/** What shows the state: the chart, the net with a unit explained, and words. @param {ReturnType<typeof makeReading>} read */
function makeStage(read) {
  const average = new AverageView();
  const netPlace = element("div");
  const detail = element("p", { class: "dl-help dl-detail" });
  const result = element("p", { class: "dl-result", role: "status" });
  const netOf = remembered((/** @type {Matrix[]} */ weights) => {
    const net = new NetView(weights);
    netPlace.replaceChildren(net.drawing);
    return net;
  });
  /** @type {Unit | undefined} */
  let pointedAt;
  const showDetail = () => {
    const { traits, shown } = read();
    const { kept, factors, values } = shown;
    const at = pointedAt ? netOf(traits.weights).units.indexOf(pointedAt) : -1;
    if (!pointedAt || at < 0) detail.textContent = HINT;
    else {
      const { layer, index } = pointedAt;
      detail.textContent = explain(traits.weights, values, layer, index, { kept: kept[at], factor: factors[layer] });
    }
  };
  const say = (/** @type {string} */ text) => {
    if (result.textContent !== text) result.textContent = text;
  };
  return {
    ...{ average, netPlace, detail, result },
    net: () => netOf(read().traits.weights),
    /** @param {Unit} unit */
    point(unit) {
      pointedAt = unit;
      showDetail();
    },
    showChart: () => average.draw(read().draws),
    showNet() {
      const { traits, shown } = read();
      netOf(traits.weights).draw(shown);
      showDetail();
    },
    sayMask() {
      const { traits, draws, shown } = read();
      say(describeMask(traits, draws.exact, shown));
    },
    sayProgress() {
      const { nMet, exact } = read().draws;
      say(describeProgress(nMet, exact.nPossible));
    },
  };
}

/** @typedef {ReturnType<typeof makeStage>} Stage */

/**
 * A unit is explained when it is pointed at, and dropped or brought back by a click or a key.
 *
 * @param {Stage} stage
 * @param {(unit: Unit) => void} toggle
 * @param {AbortSignal} signal
 */
function followUnits({ netPlace, net, point }, toggle, signal) {
  const toggleAt = (/** @type {Event} */ event) => {
    const unit = unitOf(net(), event);
    if (unit && !unit.isOutput) toggle(unit);
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggleAt(event);
  };
  const pointAt = (/** @type {Event} */ event) => {
    const unit = unitOf(net(), event);
    if (unit) point(unit);
  };
  netPlace.addEventListener("click", toggleAt, { signal });
  netPlace.addEventListener("keydown", press, { signal });
  for (const reach of ["pointerover", "focusin"]) netPlace.addEventListener(reach, pointAt, { signal });
}

/** @param {Scene<Traits>} scene */
function build(scene) {
  const { model, el, signal } = scene;
  const read = makeReading(model);
  const stage = makeStage(read);
  const drawing = makeDrawing(model);
  const player = makePlayer(scene, drawing, () => pace.showAtOnce());
  const pace = makePace(stage, player.isPlaying, signal);
  const drawOne = () => {
    player.pause();
    drawing.restart();
    drawing.draw(1);
    model.save_changes();
  };
  const startOver = () => {
    player.pause();
    drawing.startOver();
  };
  const toggle = (/** @type {Unit} */ unit) => {
    player.pause();
    const at = stage.net().units.indexOf(unit);
    const { kept } = read().shown;
    assign(model, "mask", kept.with(at, !kept[at]));
  };
  const rate = (/** @type {"p_hidden" | "p_input"} */ name, /** @type {string} */ label) =>
    slider(
      model,
      name,
      { label, min: 0, max: 0.9, step: 0.05, format: (/** @type {number} */ p) => p.toFixed(2) },
      signal,
    );
  const buttons = [button("Draw a mask", drawOne, signal), player.toggle, button("Start over", startOver, signal)];
  const controls = [
    rate("p_hidden", "p for hidden units"),
    rate("p_input", "p for inputs"),
    checkbox(model, "rescale", { label: "Rescale survivors by 1/(1 − p)" }, signal),
  ];
  const { average, netPlace, detail, result } = stage;
  const left = element("div", {}, netPlace, detail, element("div", { class: "dl-buttons" }, ...buttons));
  const right = element("div", {}, average.drawing, average.key);
  el.classList.add("dl-thinned");
  el.append(
    element("div", { class: "dl-views" }, left, right),
    result,
    element("div", { class: "dl-controls" }, ...controls),
  );
  followUnits(stage, toggle, signal);
  onChange(model, ["n_drawn"], pace.showDrawn, signal);
  onChange(
    model,
    NAMES.filter((name) => name !== "n_drawn"),
    pace.showAtOnce,
    signal,
  );
  pace.showAtOnce();
}

export default explorable(build);
