// How curves and numbers are drawn: in the colours, the dashes and the markers of the figures.

import { svg } from "../explorables/shared/controls.js";

/** The look of an arm, as in plots/palette.py. @typedef {{ color: string, dash: string, marker: string }} Look */

/** Outlines around (0, 0), by Matplotlib's names; others are drawn as a disc. @type {Record<string, string>} */
const SHAPES = {
  o: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
  s: "M-3.6-3.6h7.2v7.2h-7.2z",
  "^": "M0-4.6L4.4 3.6H-4.4z",
  v: "M0 4.6L4.4-3.6H-4.4z",
  D: "M0-5L4.4 0L0 5L-4.4 0z",
  x: "M-3.6-3.6L3.6 3.6M3.6-3.6L-3.6 3.6",
};

/**
 * A marker: full where it was measured, hollow where it was guessed.
 *
 * @param {Look} look
 * @param {number} x
 * @param {number} y
 * @param {"full" | "hollow"} kind
 */
export function mark({ marker, color }, x, y, kind) {
  const at = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  return svg("path", { class: `dl-mark dl-${kind}`, d: SHAPES[marker] ?? SHAPES.o, transform: at, style: ink(color) });
}

/** The colour for a shape, as a variable that its rules use. @param {string} color */
export function ink(color) {
  return `--ink:${color}`;
}

/** A sample of an arm, for a legend. @param {Look} look */
export function sample(look) {
  const line = svg("path", { class: "dl-line", d: "M1 8H33", style: ink(look.color), "stroke-dasharray": look.dash });
  const size = { width: 34, height: 16, viewBox: "0 0 34 16", "aria-hidden": "true", class: "dl-sample" };
  return svg("svg", size, line, mark(look, 17, 8, "full"));
}
