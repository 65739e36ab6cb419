// One method's panel: its band, its mean, some lines, and the points, which can be moved.

import { Chart } from "../shared/chart.js";
import { element, place, svg } from "../shared/controls.js";
import { GRID } from "./bands.js";
import { METHOD_NAMES, pointName } from "./how_sure_words.js";
import { isInside, X_MAX, Y_MAX } from "./points.js";

/** @import { Band, Method } from "./bands.js" */
/** @import { Point } from "./points.js" */

const N_LINES = 10;
const AXES = {
  x: { ends: [-X_MAX, X_MAX], ticks: [-2, -1, 0, 1, 2] },
  y: { ends: [-Y_MAX, Y_MAX], ticks: [-2, -1, 0, 1, 2] },
};

/** Which points are special: the one in hand or in focus, and one that is about to go; -1 is none. @typedef {{ current: number, leaving: number }} Marks */

/** A panel. */
export class Panel {
  #chart;
  #band = svg("path", { class: "dl-band" });
  #lines = svg("g", { class: "dl-lines" });
  #mean = svg("path", { class: "dl-mean" });
  #asked = svg("path", { class: "dl-asked" });
  dots = svg("g", { class: "dl-dots" });

  /** @param {Method} method @param {boolean} byKeys Whether its points can be reached with the keyboard. */
  constructor(method, byKeys) {
    const name = METHOD_NAMES[method];
    const label = `${name}: points, mean and band${byKeys ? "" : ", as in the table"}`;
    const role = byKeys ? "group" : "img";
    this.#chart = new Chart({ label, xName: "x", role, width: 240, height: 216, left: 28 });
    this.#chart.scale(AXES);
    this.#chart.inside.append(this.#band, this.#lines, this.#mean, this.#asked);
    this.byKeys = byKeys;
    this.drawing = this.#chart.drawing;
    this.drawing.append(this.dots);
    const title = element("p", { class: "dl-title", "aria-hidden": "true" }, name);
    this.view = element("div", { class: `dl-panel dl-${method}` }, title, this.drawing);
  }

  /** @param {Band} band @param {number} askAt */
  drawBand({ mean, sd, lines }, askAt) {
    const chart = this.#chart;
    const edge = (/** @type {number} */ sign) => GRID.map((x, i) => [x, mean[i] + 2 * sign * sd[i]]);
    this.#band.setAttribute("d", `${chart.path([...edge(1), ...edge(-1).reverse()])}Z`);
    this.#mean.setAttribute("d", chart.path(GRID.map((x, i) => [x, mean[i]])));
    const paths = lines.slice(0, N_LINES).map((line) => chart.path(GRID.map((x, i) => [x, line[i]])));
    this.#lines.replaceChildren(...paths.map((d) => svg("path", { d })));
    this.#asked.setAttribute("d", chart.vertical(askAt));
  }

  /** @param {Point[]} points @param {Marks} marks */
  drawPoints(points, { current, leaving }) {
    const { dots } = this;
    while (dots.children.length > points.length) dots.lastChild?.remove();
    while (dots.children.length < points.length) {
      const parts = [svg("circle", { class: "dl-reach", r: 22 }), svg("circle", { r: 4 })];
      const reached = this.byKeys ? { tabindex: 0, role: "img" } : {};
      dots.append(svg("g", { class: "dl-dot", ...reached }, ...parts));
    }
    for (const [i, point] of points.entries()) {
      const dot = dots.children[i];
      const [x, y] = this.#spotOf(point);
      place(dot, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
      if (this.byKeys) dot.setAttribute("aria-label", pointName(point));
      dot.classList.toggle("dl-current", i === current);
      dot.classList.toggle("dl-leaving", i === leaving);
    }
  }

  /** @param {Point} point @returns {Point} */
  #spotOf([x, y]) {
    return [this.#chart.x(x), this.#chart.y(y)];
  }

  /** Which point an event of the keyboard is about, or -1. @param {Event} event */
  indexOf({ target }) {
    const dot = target instanceof Element ? target.closest(".dl-dot") : null;
    return dot ? [...this.dots.children].indexOf(dot) : -1;
  }

  /** The nearest point within reach of a pointer, or -1. @param {Point[]} points @param {PointerEvent} event */
  nearest(points, event) {
    const [left, top] = this.#chart.spot(event);
    const reach = event.pointerType === "mouse" ? 10 : 22;
    const scale = this.drawing.getBoundingClientRect().width / this.#chart.width;
    const distances = points.map((point) => {
      const [x, y] = this.#spotOf(point);
      return scale * Math.hypot(x - left, y - top);
    });
    const least = Math.min(...distances);
    return least <= reach ? distances.indexOf(least) : -1;
  }

  /** Where on the axes a pointer is. @param {{ clientX: number, clientY: number }} event @returns {Point} */
  at(event) {
    const [x, y] = this.#chart.numbersAt(event);
    return [x, y];
  }

  /** Whether a pointer is off the frame by more than a slip. @param {{ clientX: number, clientY: number }} event */
  isOff(event) {
    const [x, y] = this.at(event);
    return !isInside([x / 1.1, y / 1.1]);
  }
}
