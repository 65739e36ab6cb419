// The pictures of a duel: what the nets answer in every place, and their weights.

import { element } from "../shared/controls.js";
import { remembered } from "../shared/lifecycle.js";
import { makeMasks } from "../shared/masks.js";
import { Random } from "../shared/random.js";
import { PLACES, Surface } from "./surface.js";
import { commonSizes, WeightPicture, weightSize } from "./weight_picture.js";

/** @import { Colour } from "../shared/lifecycle.js" */
/** @import { Duel } from "./duel.js" */

/** Writes a net's answers in all places. @typedef {(duel: Duel, out: Float64Array) => void} Predict */

const CANVAS = 320; // pixels along a side

/** The three surfaces, and what draws each. */
export function makeSurfaces() {
  /** @type {[string, Predict][]} */
  const predictions = [
    ["Without dropout", ({ nets }, out) => nets.without.predict(PLACES, out.length, out)],
    ["With dropout", ({ nets }, out) => nets.with.predict(PLACES, out.length, out)],
    ["One thinned net of it", makeThinned()],
  ];
  const surfaces = predictions.map(([title, predict]) => {
    const label = `${title}: where the net sees which class`;
    const canvas = element("canvas", { width: CANVAS, height: CANVAS, role: "img", "aria-label": label });
    const surface = new Surface(canvas);
    const draw = (/** @type {Duel} */ duel, /** @type {Colour} */ ink) => {
      if (!duel.diverged) predict(duel, surface.probabilities);
      surface.draw(duel.training, ink);
    };
    return { view: titled(title, canvas), draw };
  });
  const view = element("div", { class: "dl-surfaces" }, ...surfaces.map((surface) => surface.view));
  return { view, draw: surfaces.map((surface) => surface.draw) };
}

/** Predict with one mask for all places, another one for each duel. @returns {Predict} */
function makeThinned() {
  const masksOf = remembered((/** @type {Duel} */ { nets, settings: { p, p_input, seed } }) => {
    const masks = makeMasks(nets.with.widths, 1);
    const rng = new Random(seed, 4);
    for (const [l, mask] of masks.entries()) rng.drawMask(mask, mask.length, l ? p : p_input);
    return masks;
  });
  return (duel, out) => {
    const { p, p_input: pInput } = duel.settings;
    duel.nets.with.predictThinned(PLACES, out.length, out, masksOf(duel), { p, pInput });
  };
}

/** The weights of both nets side by side, what they mean, and how large they are. */
export function makeWeights() {
  const pictures = /** @type {const} */ (["without", "with"]).map((name) => {
    const label = `Weights ${name} dropout, layer by layer`;
    const look = { class: "dl-weights", width: 600, height: 180, role: "img", "aria-label": label };
    const canvas = element("canvas", look);
    return { name, picture: new WeightPicture(canvas), view: titled(`Weights ${name}`, canvas) };
  });
  const size = element("span");
  const legend = element(
    "p",
    { class: "dl-help" },
    "A block for each layer, a column for each unit: the weights that lead to it. Blue is positive, orange negative; " +
      "the larger the weight, the stronger the colour, alike in both nets. ",
    size,
  );
  let sizes = new Float64Array(0);
  const draw = (/** @type {Duel} */ duel) => {
    const { nets } = duel;
    if (sizes.length !== nets.with.layers.length) sizes = new Float64Array(nets.with.layers.length);
    commonSizes(nets.without, nets.with, sizes);
    for (const { name, picture } of pictures) picture.draw(nets[name], sizes);
    size.textContent = weightSummary(duel);
  };
  return { view: element("div", { class: "dl-pair" }, ...pictures.map(({ view }) => view), legend), draw };
}

/** Say how large the weights of both nets are. @param {Pick<Duel, "diverged" | "nets">} duel */
export function weightSummary({ diverged, nets }) {
  if (diverged) return "";
  return `Root mean square of the weights: ${weightSize(nets.without).toFixed(2)} without dropout, ${weightSize(nets.with).toFixed(2)} with it.`;
}

/** @param {string} title @param {HTMLCanvasElement} canvas */
function titled(title, canvas) {
  return element("div", {}, element("p", { class: "dl-title" }, title), canvas);
}
