// Ask a hundred networks: a digit, drawn or real, and the votes of the thinned networks on it.

import { signed } from "../shared/chart.js";
import { assign, button, element, onChange, slider } from "../shared/controls.js";
import { explorable, onceSoon, onScheme, remembered, stateOf } from "../shared/lifecycle.js";
import { askedImage, describeShown, followPen, Pad, padActions, unpackDigits } from "../shared/pad.js";
import { bitsText, describeVotes } from "./crowd_words.js";
import { askNetworks, DIGIT_CLASSES, decodeReader, drawCrowd } from "./voters.js";
import { Comparison, VotesTable } from "./votes_tables.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Stroke } from "../shared/ink.js" */
/** @import { Digits, Shown } from "../shared/pad.js" */

/** @typedef {{ n_hidden: number, p: number, weights: string, test_error: number, n_test: number }} PackedReader */
/** @typedef {Shown & { reader: PackedReader, seed: number, digits: Digits, scribble: Stroke[] }} Traits */

/** The networks, asked about what a canvas shows; null where it shows nothing. @param {Model<Traits>} model */
function makeCrowd(model) {
  const reader = remembered(decodeReader);
  const masks = remembered(drawCrowd);
  const images = remembered(unpackDigits);
  return {
    images: () => images(model.get("digits")),
    /** @param {Shown} shown */
    ask(shown) {
      const asked = askedImage(shown, images(model.get("digits")));
      const net = reader(model.get("reader"));
      return { asked, verdict: asked && askNetworks(net, asked, masks(model.get("seed"), net)) };
    },
  };
}

/** What a reader can do besides drawing. @param {Model<Traits>} model */
function makeActions(model) {
  return {
    ...padActions(model),
    otherMasks: () => assign(model, "seed", (model.get("seed") + 1) % 2 ** 32),
  };
}

/** The images to compare: their names, and what each shows. @param {Model<Traits>} model */
function offersOf(model) {
  const { labels, clear } = model.get("digits");
  const label = labels[clear];
  /** @type {[string, () => Shown][]} */
  const offers = [
    [`A clear ${label}`, () => ({ digit: model.get("digits").clear, rotation: 0, strokes: [] })],
    [`Same ${label}, turned by 90°`, () => ({ digit: model.get("digits").clear, rotation: 90, strokes: [] })],
    ["A scribble", () => ({ digit: -1, rotation: 0, strokes: model.get("scribble") })],
  ];
  return offers;
}

/** What a reader may want to know. @param {PackedReader} reader */
function helpText({ p, n_test: tested, test_error: wrong }) {
  return (
    "Draw with a mouse, a pen or a finger: the drawing is centred and scaled as the training digits were. " +
    `Each network drops its own hidden units, each with probability ${p}. Entropy is 0 bits where all agree and at most ` +
    `${bitsText(Math.log2(DIGIT_CLASSES))}; disagreement is the part of the mean prediction’s entropy that comes from the ` +
    "networks differing. None of it is a promise: nonsense can win a confident vote. Of " +
    `${tested.toLocaleString("en")} digits that it never saw, the whole net misreads ${Math.round(wrong * tested)}.`
  );
}

/**
 * Lay out the pad with its buttons, the tables and the words.
 *
 * @param {Scene<Traits>} scene
 * @param {Pad} pad
 * @param {ReturnType<typeof makeActions>} actions
 * @param {HTMLElement[]} parts The votes, what they come to, and the comparison.
 */
function layOut({ model, el, signal }, pad, actions, [votes, result, comparison]) {
  const row = (/** @type {HTMLButtonElement[]} */ ...buttons) => element("div", { class: "dl-buttons" }, ...buttons);
  const turn = {
    ...{ label: "Turn", min: -180, max: 180, step: 1 },
    format: (/** @type {number} */ degrees) => `${signed(degrees)}°`,
  };
  const caption = element("span", { "aria-hidden": "true" }, "what the networks see");
  const below = element(
    "div",
    { class: "dl-below" },
    element("div", { class: "dl-glimpse" }, pad.seen, caption),
    row(button("Another real digit", actions.anotherDigit, signal), button("Clear", actions.clear, signal)),
  );
  const canvas = element("div", {}, pad.canvas, below, slider(model, "rotation", turn, signal));
  el.classList.add("dl-ask");
  el.append(
    element("div", { class: "dl-views" }, canvas, element("div", {}, votes)),
    result,
    comparison,
    row(button("Draw another hundred networks", actions.otherMasks, signal)),
    element("p", { class: "dl-help" }, helpText(model.get("reader"))),
  );
}

/** @param {Scene<Traits>} scene */
function build(scene) {
  const { model, signal } = scene;
  const crowd = makeCrowd(model);
  const actions = makeActions(model);
  const offers = offersOf(model);
  const [pad, votes] = [new Pad(), new VotesTable()];
  const names = offers.map(([name, state]) => button(name, () => actions.show(state()), signal));
  const comparison = new Comparison([...names, "Shown now"]);
  const result = element("p", { class: "dl-result", role: "status" });
  layOut(scene, pad, actions, [votes.view, result, comparison.view]);

  const paint = () => {
    const shown = held() ?? stored();
    const { asked, verdict } = crowd.ask(shown);
    pad.draw(shown, crowd.images(), asked);
    votes.fill(verdict);
    comparison.fill(offers.length, verdict);
    return { shown, verdict };
  };
  const draw = () => {
    const { shown, verdict } = paint();
    const words = describeShown(shown, model.get("digits").labels);
    pad.canvas.setAttribute("aria-label", words);
    result.textContent = verdict ? `${words}. ${describeVotes(verdict)}` : `${words}: draw a digit, or take one.`;
  };
  const compare = () => {
    for (const [row, [, state]] of offers.entries()) comparison.fill(row, crowd.ask(state()).verdict);
    draw();
  };
  const stored = () => stateOf(model, ["digit", "rotation", "strokes"]);
  const held = followPen(pad, stored, { moved: paint, ended: actions.show }, signal);
  onChange(model, ["reader", "seed", "digits", "scribble"], compare, signal);
  onChange(model, ["digit", "rotation", "strokes"], onceSoon(draw, signal), signal); // they change together
  onScheme(paint, signal);
  compare();
}

export default explorable(build);
