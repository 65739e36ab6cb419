// The running average of the thinned nets' outputs, and the numbers that it is compared with.

import { Chart, roundTicks } from "../shared/chart.js";
import { element, place, svg } from "../shared/controls.js";
import { remembered } from "../shared/lifecycle.js";
import { counted, shortNumber } from "./mask_words.js";

/** @import { Draws } from "./thinned.js" */

const MOST = 10_000;
const SAMPLED = [...new Set(Array.from({ length: 301 }, (_, i) => Math.round(10 ** (i / 75))))]; // of 1 to 10,000

/** The chart, its three lines by name with their values, and how many nets were met. */
export class AverageView {
  #chart = new Chart({
    label:
      "Running average of the thinned nets' outputs against the number of masks drawn; the values are listed below",
    xName: "masks drawn (log scale)",
    yName: "output",
    role: "img",
    height: 240,
    room: 26,
  });
  #scale = remembered((/** @type {number} */ low, /** @type {number} */ high) => {
    const x = { ends: [1, MOST], ticks: [1, 10, 100, 1000, MOST], log: true };
    this.#chart.scale({ x, y: { ends: [low, high], ticks: roundTicks(low, high) } });
  });
  #end = svg("circle", { class: "dl-end", r: 4.5 });
  #average = makeLine("average");
  #mean = makeLine("mean");
  #full = makeLine("full");
  #met = element("li", { class: "dl-met" });

  constructor() {
    const lines = [this.#full, this.#mean, this.#average];
    this.drawing = this.#chart.drawing;
    this.#chart.inside.append(...lines.map(({ path }) => path));
    this.drawing.append(this.#end);
    this.key = element("ul", { class: "dl-key" }, ...lines.reverse().map(({ row }) => row), this.#met);
  }

  /** @param {Draws} draws */
  draw({ exact, averages, nMet }) {
    const chart = this.#chart;
    const { low, high, mean, full, nPossible } = exact;
    this.#scale(low, high);
    const n = averages.length;
    const span = high - low;
    const within = (/** @type {number} */ value, beyond = 0.25 * span) =>
      Math.min(Math.max(value, low - beyond), high + beyond);
    const level = (/** @type {number} */ value) => chart.path([1, MOST].map((k) => [k, within(value)]));
    const drawn = [...SAMPLED.filter((k) => k < n), n].slice(n ? 0 : 1);
    this.#average.path.setAttribute("d", chart.path(drawn.map((k) => [k, within(averages[k - 1])])));
    this.#mean.path.setAttribute("d", level(mean));
    this.#full.path.setAttribute("d", level(full));
    place(this.#end, { visibility: n ? "visible" : "hidden" });
    if (n) place(this.#end, { cx: chart.x(n).toFixed(1), cy: chart.y(within(averages[n - 1], 0)).toFixed(1) });

    const possible = counted(nPossible);
    this.#average.say(
      n ? `average of ${counted(n)} drawn` : "average of those drawn",
      n ? shortNumber(averages[n - 1]) : "–",
    );
    this.#mean.say(nPossible > 1 ? `mean of all ${possible} masks` : "mean: the one mask there is", shortNumber(mean));
    this.#full.say("whole net, nothing dropped", shortNumber(full));
    this.#met.replaceChildren("thinned nets met: ", element("b", {}, `${counted(nMet)} of ${possible}`));
  }
}

/** A line of the chart, and its row in the key. @param {string} name */
function makeLine(name) {
  const look = { class: `dl-line-${name}` };
  const sample = svg("svg", { viewBox: "0 0 34 10", "aria-hidden": "true" }, svg("path", { ...look, d: "M0 5H34" }));
  const [words, value] = [element("span"), element("b")];
  return {
    path: svg("path", look),
    row: element("li", {}, sample, words, value),
    /** @param {string} text @param {string} number */
    say(text, number) {
      words.textContent = text;
      value.textContent = number;
    },
  };
}
