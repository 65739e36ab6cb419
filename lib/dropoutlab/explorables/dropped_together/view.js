// What is dropped together: a digit's maps, and which of their numbers share a coin.

import { assign, button, choice, element, onChange, slider, table } from "../shared/controls.js";
import { explorable, onceSoon, onScheme, remembered, stateOf } from "../shared/lifecycle.js";
import { askedImage, describeShown, followPen, Pad, padActions, unpackDigits } from "../shared/pad.js";
import { drawHundred, masksOf } from "./draws.js";
import { coinsOf, KINDS } from "./kinds.js";
import { decodeMapReader, LAYER, mapsOf, pooledMaps, thinned } from "./map_reader.js";
import { MapsView } from "./maps_view.js";
import { describeDraws, describeReads, KIND_NAMES, percent } from "./together_words.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Digits, Shown } from "../shared/pad.js" */
/** @import { Draws } from "./draws.js" */
/** @import { Kind } from "./kinds.js" */

/** @typedef {{ weights: string, test_error: number, n_test: number }} PackedMapReader */
/** @typedef {Shown & { kind: Kind, p: number, block: number, seed: number, digits: Digits, reader: PackedMapReader }} Traits */

const SHOWN = /** @type {const} */ (["digit", "rotation", "strokes"]);
const BLOCKS = [3, 5, 7];

/** What the model stands for: maps and masks, computed when they are asked for. @param {Model<Traits>} model */
function makeLayer(model) {
  const net = remembered(decodeMapReader);
  const images = remembered(unpackDigits);
  const masks = Object.fromEntries(KINDS.map((kind) => [kind, remembered(masksOf)]));
  return {
    images: () => images(model.get("digits")),
    /** The maps of what is shown; null where nothing is. @param {Shown} shown */
    look(shown) {
      const asked = askedImage(shown, images(model.get("digits")));
      return { asked, maps: asked && mapsOf(net(model.get("reader")), asked) };
    },
    /** @param {Float64Array} maps @param {Kind} kind */
    drop(maps, kind) {
      const { p, block, seed } = stateOf(model, ["p", "block", "seed"]);
      return drawHundred(net(model.get("reader")), maps, masks[kind](seed, kind, p, kind === "blocks" ? block : 1), p);
    },
  };
}

/** The four kinds side by side. */
class Kinds {
  #rows = KINDS.map((kind) => [KIND_NAMES[kind], ...Array.from({ length: 3 }, () => element("span", {}, "–"))]);

  constructor() {
    const heads = ["One coin for", "Coins a draw", "Neighbours know", "A hundred draws are read"];
    this.view = table("All four at this p", heads, this.#rows);
    this.view.classList.add("dl-kinds");
  }

  /** @param {Kind} kind @param {Draws | null} draws @param {number} block */
  fill(kind, draws, block) {
    const texts = [
      coinsOf(kind, block, LAYER).toLocaleString("en"),
      draws ? percent(draws.known) : "–",
      draws ? describeReads(draws) : "–",
    ];
    for (const [i, cell] of this.#rows[KINDS.indexOf(kind)].slice(1).entries()) {
      if (cell instanceof Node) cell.textContent = texts[i];
    }
  }

  /** @param {Kind} chosen */
  mark(chosen) {
    for (const [i, row] of this.view.querySelectorAll("tbody tr").entries()) {
      row.classList.toggle("dl-first", KINDS[i] === chosen);
    }
  }
}

/** What a reader may want to know. @param {PackedMapReader} reader */
function helpText({ n_test: tested, test_error: wrong }) {
  return (
    "Each map is what a window of 3 by 3 sees of the digit, and each number is dropped with the same probability, " +
    "whatever the kind; a kept one counts 1/(1 − p) times. The next layer gets the largest of each two by two. " +
    "“Neighbours know”: the share of the variance of dropped numbers (R²) that is explained by the mean of " +
    "their neighbours on the same map, as far as those are kept. In training the net met all four kinds. With nothing " +
    `dropped it misreads ${Math.round(wrong * tested)} of ${tested.toLocaleString("en")} digits that it never saw.`
  );
}

/** The sliders and the choice. @param {Scene<Traits>} scene */
function makeControls({ model, signal }) {
  const kind = { label: "One coin for", values: KINDS, format: (/** @type {Kind} */ name) => KIND_NAMES[name] };
  const p = { label: "Dropout p", min: 0, max: 0.9, step: 0.05, format: (/** @type {number} */ at) => at.toFixed(2) };
  const block = { label: "Side of a block", values: BLOCKS };
  const sides = slider(model, "block", block, signal);
  const update = () => {
    const [input] = sides.getElementsByTagName("input");
    input.disabled = model.get("kind") !== "blocks";
  };
  onChange(model, ["kind"], update, signal);
  update();
  const controls = [choice(model, "kind", kind, signal), slider(model, "p", p, signal), sides];
  return element("div", { class: "dl-controls" }, ...controls);
}

/**
 * @param {Scene<Traits>} scene
 * @param {Pad} pad
 * @param {ReturnType<typeof padActions<Traits>>} actions
 * @param {HTMLElement[]} parts The maps, what the next layer gets, the result and the table.
 */
function layOut(scene, pad, actions, [maps, next, result, kinds]) {
  const { model, el, signal } = scene;
  const titled = (/** @type {string} */ title, /** @type {HTMLElement} */ part) =>
    element("div", { class: "dl-titled" }, element("p", { "aria-hidden": "true" }, title), part);
  const tossAgain = () => assign(model, "seed", (model.get("seed") + 1) % 2 ** 32);
  const digits = [button("Another real digit", actions.anotherDigit, signal), button("Clear", actions.clear, signal)];
  el.classList.add("dl-together");
  el.append(
    makeControls(scene),
    element(
      "div",
      { class: "dl-views" },
      element("div", {}, pad.canvas, element("div", { class: "dl-buttons" }, ...digits)),
      element(
        "div",
        {},
        titled("Its eight maps, in this draw", maps),
        titled("What the next layer gets", next),
        element("div", { class: "dl-buttons" }, button("Toss the coins again", tossAgain, signal)),
      ),
    ),
    result,
    kinds,
    element("p", { class: "dl-help" }, helpText(model.get("reader"))),
  );
}

/** @param {Scene<Traits>} scene */
function build(scene) {
  const { model, signal } = scene;
  const layer = makeLayer(model);
  const actions = padActions(model);
  const pad = new Pad();
  const [maps, next] = [
    new MapsView("Eight maps; a cross where a number is dropped", { ...LAYER, cell: 10 }),
    new MapsView("What the next layer gets, in eight maps", { maps: LAYER.maps, side: LAYER.side / 2, cell: 20 }),
  ];
  const kinds = new Kinds();
  const result = element("p", { class: "dl-result", role: "status" });
  layOut(scene, pad, actions, [maps.canvas, next.canvas, result, kinds.view]);

  const paint = () => {
    const shown = held() ?? stored();
    const { asked, maps: seen } = layer.look(shown);
    pad.draw(shown, layer.images(), asked);
    const { kind, p } = stateOf(model, ["kind", "p"]);
    const values = seen ?? new Float64Array(LAYER.maps * LAYER.side ** 2);
    const draws = layer.drop(values, kind);
    const most = 0.6 * Math.max(...values) || 1; // few numbers are larger
    maps.draw(values, most, draws.first);
    next.draw(pooledMaps(thinned(values, draws.first, p)), most / (1 - p), null);
    return { shown, seen, draws };
  };
  const draw = () => {
    const { shown, seen, draws } = paint();
    const { kind, block } = stateOf(model, ["kind", "block"]);
    const words = describeShown(shown, model.get("digits").labels);
    pad.canvas.setAttribute("aria-label", words);
    result.textContent = seen ? `${words}. ${describeDraws(kind, draws)}` : `${words}: draw a digit, or take one.`;
    for (const each of KINDS) kinds.fill(each, seen && (each === kind ? draws : layer.drop(seen, each)), block);
    kinds.mark(kind);
  };
  const stored = () => stateOf(model, SHOWN);
  const held = followPen(pad, stored, { moved: paint, ended: actions.show }, signal);
  const redraw = onceSoon(draw, signal);
  onChange(model, ["reader", "digits", "kind", "p", "block", "seed", ...SHOWN], redraw, signal);
  onScheme(paint, signal);
  draw();
}

export default explorable(build);
