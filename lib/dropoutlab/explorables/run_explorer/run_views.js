// The two charts of the run explorer: learning curves, and the results at the end.

import { Chart, roundTicks, signed } from "../shared/chart.js";
import { element, place, placeOf, svg } from "../shared/controls.js";
import { axisOf, lookUp } from "./run_numbers.js";
import { labelOf, pointInWords, stepInWords, Y_NAMES } from "./run_words.js";

/** @import { Runs, Setting, Value } from "./run_numbers.js" */

const HINT = "Point at a value, or tab to it, for its numbers. Choose it with a click or Enter.";
const PARTS = /** @type {const} */ (["train", "validation"]);
const PART_NAMES = { train: "training", validation: "validation" };
const ARMS = /** @type {const} */ (["without", "with"]);

/** Learning curves of the chosen setting and of the baseline, and the numbers at one step. */
export class CurvesView {
  /** The settings that are drawn. @type {{ without: Setting, with?: Setting }} */
  #arms;
  #here = svg("path", { class: "dl-here" });
  #readout = element("output", { class: "dl-readout" });

  /**
   * @param {Runs} runs
   * @param {Setting} now
   * @param {AbortSignal} signal
   */
  constructor(runs, now, signal) {
    const xName = runs.axis === "step" ? "steps of training" : runs.axis;
    const last = runs.steps.length - 1;
    this.runs = runs;
    this.#arms = { without: now };
    this.chart = new Chart({ label: "Learning curves", xName, height: 252, room: 60, above: true });
    this.names = ARMS.map((arm) => ({ arm, text: svg("text", { class: "dl-name", x: this.chart.box.right + 4 }) }));
    this.lines = ARMS.flatMap((arm) =>
      PARTS.map((part) => {
        const band = svg("path", { class: `dl-band dl-${arm}` });
        return { arm, part, band, path: svg("path", { class: `dl-${arm} dl-${part}` }) };
      }),
    );
    this.at = element("input", { type: "range", min: 0, max: last, step: 1, value: last });
    this.chart.inside.append(this.#here, ...this.lines.flatMap(({ band, path }) => [band, path]));
    this.chart.drawing.append(...this.names.map(({ text }) => text));
    const label = element("label", { class: "dl-slider" }, element("span", {}, "Read the curves at"), this.at);
    this.view = element("div", {}, this.chart.drawing, label, this.#readout);
    this.at.addEventListener("input", () => this.read(), { signal });
    const follow = (/** @type {PointerEvent} */ event) => {
      const [step] = this.chart.numbersAt(event);
      this.at.value = String(nearest(runs.steps, step));
      this.read();
    };
    this.chart.drawing.addEventListener("pointermove", follow, { signal });
  }

  /** @param {Setting} now */
  draw(now) {
    const { runs, chart } = this;
    const { name, values, baseline } = axisOf(runs);
    const base = { ...now, [name]: baseline };
    this.#arms = placeOf(values, now[name]) === 0 ? { without: base } : { without: base, with: now };
    // The same axis for every value: the eye can compare.
    const ends = values.map((value) => this.#end({ ...now, [name]: value }));
    const yTicks = roundTicks(0, 2 * Math.min(...ends) + 0.5 * Math.max(...ends));
    const last = runs.steps[runs.steps.length - 1];
    chart.scale({
      x: { ends: [0, last], ticks: roundTicks(0, last), margin: 8 },
      y: { ends: [0, yTicks[yTicks.length - 1]], ticks: yTicks },
    });
    chart.yName.textContent = Y_NAMES[now.metric];
    for (const { arm, part, band, path } of this.lines) {
      const there = this.#arms[arm];
      if (!there) {
        for (const shape of [path, band]) shape.removeAttribute("d");
        continue;
      }
      const { mean, half } = lookUp(runs, there)[part];
      const along = (/** @type {number} */ sign) => mean.map((value, i) => [runs.steps[i], value + sign * half[i]]);
      path.setAttribute("d", chart.path(along(0)));
      band.setAttribute("d", chart.path([...along(1), ...along(-1).reverse()]));
    }
    this.#nameLines();
    this.read();
  }

  /** What is left on the validation digits. @param {Setting} setting */
  #end(setting) {
    const { mean } = lookUp(this.runs, setting).validation;
    return mean[mean.length - 1];
  }

  /** Name the arms where their validation curves end, the lower one below. */
  #nameLines() {
    const { name } = axisOf(this.runs);
    const [first, second] = ARMS.map((arm) => this.chart.y(this.#end(this.#arms[arm] ?? this.#arms.without)));
    const apart = this.#arms.with ? Math.max(0, (16 - Math.abs(second - first)) / 2) : 0;
    for (const { arm, text } of this.names) {
      const there = this.#arms[arm];
      const [y, isLower] = arm === "with" ? [second, second >= first] : [first, first > second];
      text.textContent = there ? `${name} = ${signed(there[name])}` : "";
      place(text, { y: y + 5 + (isLower ? apart : -apart) });
    }
  }

  /** Say what the curves are at the chosen step. */
  read() {
    const { runs } = this;
    const { metric } = this.#arms.without;
    const { name } = axisOf(runs);
    const k = Number(this.at.value);
    const step = runs.steps[k];
    this.#here.setAttribute("d", this.chart.vertical(step));
    this.at.setAttribute("aria-valuetext", `${runs.axis} ${step}`);
    const lines = ARMS.flatMap((arm) => {
      const there = this.#arms[arm];
      if (!there) return [];
      const found = lookUp(runs, there);
      const parts = PARTS.map((part) => `${PART_NAMES[part]} ${stepInWords(found[part], k, metric)}`);
      const words = `${name} = ${signed(there[name])}: ${parts.join(", ")}`;
      return [element("span", { class: `dl-arm dl-${arm}` }, words)];
    });
    const head = `After ${step} ${runs.axis}s, ${Y_NAMES[metric]}, training dashed:`;
    this.#readout.replaceChildren(element("span", {}, head), ...lines);
  }
}

/** End results by value: one point with its interval for each, to choose. */
export class EndsView {
  #line = svg("path", { class: "dl-with dl-joined" });
  #readout = element("output", { class: "dl-readout" });

  /**
   * @param {Runs} runs
   * @param {Setting} now
   * @param {(value: Value) => void} choose
   * @param {AbortSignal} signal
   */
  constructor(runs, now, choose, signal) {
    const { name, values } = axisOf(runs);
    this.runs = runs;
    this.now = now;
    const label = `Test result at the end, by ${labelOf(name)}`;
    this.chart = new Chart({ label, xName: labelOf(name), height: 252, room: 10, above: true });
    this.points = values.map((value, i) => {
      const column = svg("rect", { class: "dl-reach" });
      const [bar, dot] = [svg("path", { class: "dl-bar" }), svg("circle", { r: 5 })];
      const look = { class: `dl-point dl-${i ? "with" : "without"}`, tabindex: 0, role: "button" };
      const point = svg("g", look, column, bar, dot);
      for (const kind of ["pointerenter", "focus"]) point.addEventListener(kind, () => this.#read(value), { signal });
      for (const kind of ["pointerleave", "blur"]) point.addEventListener(kind, () => this.#read(), { signal });
      point.addEventListener("click", () => choose(value), { signal });
      const press = (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(value);
      };
      point.addEventListener("keydown", press, { signal });
      return { value, point, column, bar, dot };
    });
    this.chart.inside.append(this.#line, ...this.points.map(({ point }) => point));
    this.view = element("div", {}, this.chart.drawing, this.#readout);
  }

  /** @param {Setting} now */
  draw(now) {
    const { runs, chart } = this;
    this.now = now;
    const { name, values } = axisOf(runs);
    const xs = values.map(Number);
    const ends = values.map((value) => lookUp(runs, { ...now, [name]: value }).test);
    const low = Math.min(...ends.map(({ mean, half }) => mean - half));
    const high = Math.max(...ends.map(({ mean, half }) => mean + half));
    const yTicks = roundTicks(low > 0.4 * high ? low : 0, high);
    chart.scale({
      x: { ends: [xs[0], xs[xs.length - 1]], ticks: xs, margin: 18 },
      y: { ends: [yTicks[0], yTicks[yTicks.length - 1]], ticks: yTicks },
    });
    chart.yName.textContent = `test ${Y_NAMES[now.metric]}`;
    this.#line.setAttribute("d", chart.path(ends.map(({ mean }, i) => [xs[i], mean])));
    const width = Math.min(...xs.slice(1).map((x, i) => chart.x(x) - chart.x(xs[i]))); // no two overlap
    const { top, bottom } = chart.box;
    this.points.forEach(({ value, point, column, bar, dot }, i) => {
      const { mean, half } = ends[i];
      const x = chart.x(xs[i]);
      const [upper, lower] = [mean + half, mean - half].map((end) => chart.y(end).toFixed(1));
      place(column, { x: (x - width / 2).toFixed(1), y: top, width: width.toFixed(1), height: bottom - top });
      place(bar, { d: `M${x - 4} ${upper}h8M${x} ${upper}V${lower}M${x - 4} ${lower}h8` });
      place(dot, { cx: x, cy: chart.y(mean) });
      place(point, { "aria-pressed": String(i === placeOf(values, now[name])), "aria-label": this.#words(value) });
    });
    if (!this.points.some(({ point }) => point.matches(":hover, :focus"))) this.#read();
  }

  /** @param {Value} value */
  #words(value) {
    return pointInWords(this.runs, { ...this.now, [axisOf(this.runs).name]: value });
  }

  /** Say what one point is; without a value, how to ask. @param {Value} [value] */
  #read(value) {
    this.#readout.textContent = value === undefined ? HINT : this.#words(value);
  }
}

/** @param {number[]} steps @param {number} value */
function nearest(steps, value) {
  return steps.reduce((best, step, k) => (Math.abs(step - value) < Math.abs(steps[best] - value) ? k : best), 0);
}
