// What the thinned network says of its units, its masks and its numbers.

import { signed } from "../shared/chart.js";

/** @import { Exact, LayerValues, Matrix } from "./thinned.js" */

export const LAYER_NAMES = ["inputs", "hidden 1", "hidden 2", "output"];

/** A value with three digits or so. @param {number} value */
export function shortNumber(value) {
  const size = Math.abs(value);
  if (size >= 9999.5) return signed(`${(value / 1000).toFixed(0)}k`);
  const text = value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
  return Number.parseFloat(text) === 0 ? text.replace("-", "") : signed(text);
}

/** The same without zeros at the end, as it fits in a unit. @param {number} value */
export function briefNumber(value) {
  const text = shortNumber(value);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** @param {number} n */
export const counted = (n) => n.toLocaleString("en");

/**
 * How the number in a unit comes about.
 *
 * @param {Matrix[]} weights
 * @param {LayerValues[]} values
 * @param {number} layer
 * @param {number} index
 * @param {{ kept: boolean, factor: number }} fate
 */
export function explain(weights, values, layer, index, { kept, factor }) {
  const isOutput = layer === weights.length;
  const { computed, passed } = values[layer];
  const text = `${origin(weights, values, layer, index)} = ${briefNumber(computed[index])}`;
  if (isOutput) return `${text}.`;
  if (!kept) return `${text}, dropped: it passes on 0.`;
  if (factor === 1) return `${text}, kept.`;
  return `${text}, kept, times ${briefNumber(factor)} = ${briefNumber(passed[index])}.`;
}

/** A unit's name, and what it computes. @type {(...of: [Matrix[], LayerValues[], number, number]) => string} */
function origin(weights, values, layer, index) {
  if (layer === 0) return `input ${index + 1}`;
  const terms = weights[layer - 1][index].map((weight, i) => {
    const sign = i ? (weight < 0 ? " − " : " + ") : weight < 0 ? "−" : "";
    return `${sign}${Math.abs(weight)} × ${briefNumber(values[layer - 1].passed[i])}`;
  });
  if (layer === weights.length) return `output = ${terms.join("")}`;
  return `${LAYER_NAMES[layer]}, unit ${index + 1} = ReLU(${terms.join("")})`;
}

/** What to say while masks are drawn: a few times on the way, since words interrupt. @param {number} nMet @param {number} nPossible */
export function describeProgress(nMet, nPossible) {
  const all = `${counted(nPossible)} thinned nets`;
  const quarters = Math.floor((4 * nMet) / nPossible);
  if (quarters === 4) return `Drawing masks. All ${all} were met.`;
  if (quarters === 0) return "Drawing masks.";
  return `Drawing masks. At least ${["a quarter", "half", "three quarters"][quarters - 1]} of the ${all} were met.`;
}

/**
 * Which mask is shown, in words.
 *
 * @param {{ n_drawn: number }} state
 * @param {Pick<Exact, "sizes" | "full" | "rates">} exact
 * @param {{ kept: boolean[], output: number, byHand: boolean }} shown
 */
export function describeMask({ n_drawn }, { sizes, full, rates }, { kept, output, byHand }) {
  if (!byHand && n_drawn === 0) return `No mask drawn yet. The whole net gives ${shortNumber(full)}.`;
  const droppedInputs = kept.slice(0, sizes[0]).filter((isKept) => !isKept).length;
  const droppedHidden = kept.slice(sizes[0]).filter((isKept) => !isKept).length;
  const nHidden = kept.length - sizes[0];
  const parts = [`${droppedHidden} of ${nHidden} hidden units`];
  if (rates[0] > 0 || droppedInputs) parts.push(`${droppedInputs} of ${sizes[0]} inputs`);
  const who = byHand ? "Set by hand, not counted: drops" : `Mask ${counted(n_drawn)} drops`;
  return `${who} ${parts.join(" and ")}. This thinned net gives ${shortNumber(output)}; the whole net gives ${shortNumber(full)}.`;
}
