// The net: its units with the numbers that they pass on, and its connections.

import { place, svg } from "../shared/controls.js";
import { briefNumber, LAYER_NAMES } from "./mask_words.js";
import { layerSizes } from "./thinned.js";

/** @import { LayerValues, Matrix } from "./thinned.js" */

const NET = { width: 340, height: 260, radius: 22 };

/** @typedef {{ group: SVGGElement, text: SVGTextElement, layer: number, index: number, isOutput: boolean }} Unit */

/** A drawing of a net with these weights. */
export class NetView {
  /** In one list, inputs first. @type {Unit[]} */
  units;
  drawing = svg("svg", {
    ...{ viewBox: `0 0 ${NET.width} ${NET.height}`, role: "group" },
    "aria-label": "The net: each unit with the number that it passes on",
  });

  /** @param {Matrix[]} weights */
  constructor(weights) {
    const sizes = [...layerSizes(weights), weights[weights.length - 1].length];
    this.links = makeLinks(weights, sizes);
    this.units = sizes.flatMap((size, layer) =>
      Array.from({ length: size }, (_, index) => makeUnit(sizes, layer, index)),
    );
    this.factors = sizes.map((_, layer) => svg("text", { ...below(sizes, layer), y: NET.height - 6 }));
    const names = sizes.map((_, layer) => svg("text", { ...below(sizes, layer), y: 16 }, LAYER_NAMES[layer]));
    this.drawing.append(
      ...this.links.map(({ line }) => line),
      ...this.units.map(({ group }) => group),
      ...names,
      ...this.factors,
    );
  }

  /**
   * Show a thinned net.
   *
   * @param {{ kept: boolean[], factors: number[], values: LayerValues[] }} shown
   */
  draw({ kept, factors, values }) {
    const alive = [...kept, true];
    for (const [i, { group, text, layer, index, isOutput }] of this.units.entries()) {
      const number = briefNumber(values[layer].passed[index]);
      const hidden = `Hidden layer ${layer}, unit ${index + 1}`;
      const name = isOutput ? "Output" : layer === 0 ? `Input ${index + 1}` : hidden;
      text.textContent = number;
      group.classList.toggle("dl-dropped", !alive[i]);
      place(group, { "aria-label": `${name}: ${number}`, ...(isOutput ? {} : { "aria-checked": String(alive[i]) }) });
    }
    for (const { line, from, to } of this.links) line.classList.toggle("dl-gone", !(alive[from] && alive[to]));
    for (const [layer, factor] of factors.entries()) this.factors[layer].textContent = `× ${briefNumber(factor)}`;
  }
}

/** The unit that an event is about, or undefined. @param {NetView} view @param {Event} event */
export function unitOf({ units }, { target }) {
  const group = target instanceof Element ? target.closest(".dl-unit") : null;
  return units.find((unit) => unit.group === group);
}

/** @param {number[]} sizes @param {number} layer @param {number} index */
function unitPlace(sizes, layer, index) {
  const x = 36 + (layer * (NET.width - 72)) / (sizes.length - 1);
  return [x, 128 + (index - (sizes[layer] - 1) / 2) * 51];
}

/** @param {number[]} sizes @param {number} layer */
function below(sizes, layer) {
  return { x: unitPlace(sizes, layer, 0)[0], "text-anchor": "middle" };
}

/** @param {number[]} sizes @param {number} layer @param {number} index @returns {Unit} */
function makeUnit(sizes, layer, index) {
  const [x, y] = unitPlace(sizes, layer, index);
  const isOutput = layer === sizes.length - 1;
  const text = svg("text", { x, y: y + 5, "text-anchor": "middle" });
  const role = isOutput ? { role: "img" } : { role: "switch", tabindex: 0 };
  const cross = [-1, 1].flatMap((a) => [-1, 1].map((b) => `M${x + a * 10} ${y + b * 10}L${x + a * 16} ${y + b * 16}`));
  const group = svg(
    "g",
    { class: "dl-unit", ...role },
    svg("rect", { class: "dl-reach", x: x - 30, y: y - 25.5, width: 60, height: 51 }),
    svg("circle", { cx: x, cy: y, r: NET.radius }),
    svg("path", { class: "dl-cross", d: cross.join("") }),
    text,
  );
  return { group, text, layer, index, isOutput };
}

/** Lines between units, which are named by their places in the list of all. @param {Matrix[]} weights @param {number[]} sizes */
function makeLinks(weights, sizes) {
  let first = 0;
  return weights.flatMap((rows, layer) => {
    const [above, after] = [first, first + sizes[layer]];
    first = after;
    return rows.flatMap((row, b) =>
      row.map((weight, a) => {
        const line = link(unitPlace(sizes, layer, a), unitPlace(sizes, layer + 1, b), weight);
        return { line, from: above + a, to: after + b };
      }),
    );
  });
}

/** A line from rim to rim. @param {number[]} start @param {number[]} end @param {number} weight */
function link([x1, y1], [x2, y2], weight) {
  const length = Math.hypot(x2 - x1, y2 - y1) / NET.radius;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [left, top, right, bottom] = [x1 + dx, y1 + dy, x2 - dx, y2 - dy].map((v) => v.toFixed(1));
  return svg("path", {
    class: weight < 0 ? "dl-link dl-negative" : "dl-link",
    d: `M${left} ${top}L${right} ${bottom}`,
    "stroke-width": 0.5 + 2 * Math.min(Math.abs(weight), 1.5),
  });
}
