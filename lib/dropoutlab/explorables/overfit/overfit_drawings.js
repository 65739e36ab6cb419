// The two drawings of "Overfit it yourself": the fit, and what each degree costs.

import { Chart, clamp } from "../shared/chart.js";
import { place, svg } from "../shared/controls.js";
import { evaluate } from "./least_squares.js";

/** @import { Point } from "./least_squares.js" */

/** Root mean squares. @typedef {{ training: number, test: number }} Errors */

export const MAX_DEGREE = 15;
export const [LOW, HIGH] = [-2.2, 2.2]; // of y
export const GRID = Array.from({ length: 201 }, (_, i) => -1 + i / 100);
const [LEAST, MOST] = [0.03, 10]; // of the errors drawn

/** The points, the curve through them, and the one behind. */
export class FittingView {
  #chart = new Chart({ label: "Points and the fitted curve", xName: "x", yName: "y" });
  #curve = svg("path", { class: "dl-curve" });
  dots = svg("g", { class: "dl-dots" });

  /** @param {(x: number) => number} behind */
  constructor(behind) {
    this.#chart.scale({ x: { ends: [-1, 1], ticks: [-1, 0, 1] }, y: { ends: [LOW, HIGH], ticks: [-2, -1, 0, 1, 2] } });
    this.#chart.inside.append(svg("path", { class: "dl-truth", d: this.#path(behind) }), this.#curve);
    this.drawing = this.#chart.drawing;
    this.drawing.append(this.dots);
  }

  /** @param {(x: number) => number} f */
  #path(f) {
    return this.#chart.path(GRID.map((x) => [x, clamp(f(x), LOW - 1, HIGH + 1)]));
  }

  /**
   * Show the points, each a thing that one can take hold of, and a fit.
   *
   * @param {Point[]} points
   * @param {Float64Array} coefficients
   */
  draw(points, coefficients) {
    const { dots } = this;
    while (dots.children.length > points.length) dots.lastChild?.remove();
    while (dots.children.length < points.length) {
      const parts = [svg("circle", { class: "dl-reach", r: 22 }), svg("circle", { r: 5 })];
      dots.append(svg("g", { class: "dl-dot", tabindex: 0, role: "img" }, ...parts));
    }
    points.forEach(([x, y], i) => {
      const at = `${this.#chart.x(x).toFixed(1)} ${this.#chart.y(clamp(y, LOW - 1, HIGH + 1)).toFixed(1)}`;
      const name = `Point at x ${x.toFixed(2)}, y ${y.toFixed(2)}`;
      place(dots.children[i], { transform: `translate(${at})`, "aria-label": name });
    });
    this.#curve.setAttribute(
      "d",
      this.#path((x) => evaluate(coefficients, x)),
    );
  }

  /** The index of the point that an event is about, or -1. @param {Event} event */
  indexOf({ target }) {
    const dot = target instanceof Element ? target.closest(".dl-dot") : null;
    return dot ? [...this.dots.children].indexOf(dot) : -1;
  }

  /** Whether an event is about the picture, and about nothing in it. @param {Event} event */
  isFree({ target }) {
    return target === this.drawing || (target instanceof Node && this.#chart.inside.contains(target));
  }

  /** Where on the axes a pointer is. @param {PointerEvent} event */
  at(event) {
    return this.#chart.numbersAt(event);
  }
}

/** The errors against the degree, and which degree is chosen. */
export class CostsView {
  #chart = new Chart({ label: "Errors against the degree", xName: "degree", yName: "error (root mean square)" });
  #here = svg("path", { class: "dl-here" });
  #training = makeCost("training", svg("circle", { class: "dl-training", r: 5 }));
  #test = makeCost("test", svg("rect", { class: "dl-test", width: 10, height: 10 }));

  constructor() {
    this.#chart.scale({
      x: { ends: [0, MAX_DEGREE], ticks: [0, 5, 10, 15], margin: 12 },
      y: { ends: [LEAST, MOST], ticks: [0.1, 1, 10], log: true },
    });
    const parts = [this.#training, this.#test];
    this.drawing = this.#chart.drawing;
    this.drawing.append(this.#here, ...parts.map(({ line }) => line), ...parts.map(({ mark }) => mark));
    this.drawing.append(...parts.map(({ name }) => name));
  }

  /**
   * Show the errors of all degrees, and mark those of the chosen one.
   *
   * @param {Errors[]} all
   * @param {number} degree
   */
  draw(all, degree) {
    const chart = this.#chart;
    this.#here.setAttribute("d", chart.vertical(degree));
    const x = chart.x(degree);
    const beside =
      degree > MAX_DEGREE / 2 ? { x: x - 10, "text-anchor": "end" } : { x: x + 10, "text-anchor": "start" };
    const show = (
      /** @type {"training" | "test"} */ kind,
      /** @type {Cost} */ { line, name },
      /** @type {number} */ down,
    ) => {
      line.setAttribute("d", chart.path(all.map((errors, d) => [d, clamp(errors[kind], LEAST, MOST)])));
      const y = chart.y(clamp(all[degree][kind], LEAST, MOST));
      place(name, { ...beside, y: y + (y + down > chart.box.bottom ? -8 : down) });
      name.textContent = `${kind} ${all[degree][kind].toFixed(2)}`;
      return y;
    };
    const [above, below] = [-8, 18]; // the name of the larger error stands above
    const isUsual = all[degree].test >= all[degree].training;
    place(this.#training.mark, { cx: x, cy: show("training", this.#training, isUsual ? below : above) });
    place(this.#test.mark, { x: x - 5, y: show("test", this.#test, isUsual ? above : below) - 5 });
  }
}

/** @typedef {{ line: SVGPathElement, mark: SVGElement, name: SVGTextElement }} Cost */

/** The line of one kind of error, its mark and its name. @param {string} kind @param {SVGElement} mark */
function makeCost(kind, mark) {
  return { line: svg("path", { class: `dl-${kind}` }), mark, name: svg("text", { class: "dl-name" }) };
}
