// The run explorer: real training runs, to pick from.

import { assign, choice, element, onChange, svg } from "../shared/controls.js";
import { explorable } from "../shared/lifecycle.js";
import { columnAt, coveringTicks, PlotArea, verticalAt } from "../shared/plot_area.js";
import { lookUp, rungs } from "./run_numbers.js";

const LABELS = {
  p: "Dropout p",
  width: "Units in a layer",
  n: "Training digits",
  wrong: "Wrong labels",
  depth: "Hidden layers",
};
const METRICS = { error: "error (%)", loss: "loss (cross-entropy)" };
const Y_NAMES = { error: "error (%)", loss: "loss (nats)" };
const UNITS = { error: " %", loss: "" };
const HINT = "Point at a value, or tab to it, for its numbers. Choose it with a click or Enter.";
const CURVES = { train: "training", validation: "validation" };
const nameOf = (name) => LABELS[name] ?? name;
const shown = (number) => String(number).replace("-", "−");
const worded = (name, value) => (name === "wrong" ? `${Math.round(100 * value)} %` : shown(value));

export default explorable(({ model, el, signal }) => {
  const runs = model.get("runs");
  const names = Object.keys(runs.parameters);
  const [x] = names;
  const state = () => Object.fromEntries([...names, "metric"].map((name) => [name, model.get(name)]));

  const curves = new CurvesView(runs, x, signal);
  const ends = new EndsView(runs, x, (value) => assign(model, x, value), signal);
  const result = element("p", { class: "dl-result", role: "status" });
  const controls = element(
    "div",
    { class: "dl-controls" },
    ...names.map((name) =>
      rungs(
        model,
        name,
        { label: nameOf(name), values: runs.parameters[name], format: (value) => worded(name, value) },
        signal,
      ),
    ),
    choice(model, "metric", { label: "Measured by", options: METRICS }, signal),
  );
  const table = element("div", { class: "dl-tables" });
  const details = element("details", {}, element("summary", {}, "The same numbers as tables"), table);
  el.classList.add("dl-runs");
  const note = element("p", { class: "dl-help" }, runs.note);
  el.append(element("div", { class: "dl-views" }, curves.view, ends.view), result, controls, note, details);

  const fill = () => table.replaceChildren(...(details.open ? tables(runs, state()) : []));
  const draw = () => {
    const now = state();
    curves.draw(now);
    ends.draw(now);
    result.textContent = sentence(runs, now);
    fill();
  };
  details.addEventListener("toggle", fill, { signal });
  onChange(model, [...names, "metric"], draw, signal);
  draw();
});

/** A mean and the half-width of its interval, in words. */
export function estimate({ mean, half }, metric) {
  const decimals = metric === "error" ? 1 : 2;
  const [middle, reach] = [mean, half].map((number) => shown(number.toFixed(decimals)));
  return `${middle} ± ${reach}`;
}

/** What an interval of a difference in errors says, in a few words. */
export function verdict({ mean, half }) {
  if (mean + half < 0) return "It helps here.";
  return mean - half > 0 ? "It does harm here." : "No effect to be seen here.";
}

/** The end result of the chosen setting, against the baseline. */
export function sentence(runs, now) {
  const { metric } = now;
  const [x] = Object.keys(runs.parameters);
  const base = { ...now, [x]: runs.parameters[x][0] };
  const unit = UNITS[metric];
  const at = lookUp(runs, now);
  const from = lookUp(runs, base);
  const rates = runs.lr ? ` Learning rates, chosen on validation digits: ${at.lr} and ${from.lr}.` : "";
  const basis = `${runs.n_seeds} seeds, 95 % intervals${runs.recorded ? `; recorded on ${runs.recorded}` : ""}.`;
  const start = `${x} = ${shown(now[x])}: test ${metric} ${estimate(at.test, metric)}${unit}`;
  if (base[x] === now[x]) return `The baseline. ${start}. ${basis}`;
  const points = metric === "error" ? " points" : "";
  return (
    `${verdict(at.difference)} ${start}; ${x} = ${shown(base[x])}: ${estimate(from.test, metric)}${unit}. ` +
    `Difference, paired by seed: ${estimate(at.difference, metric)}${points}. ${basis}${rates}`
  );
}

/** Learning curves of the chosen setting and of the baseline, and the numbers at one step. */
class CurvesView {
  constructor(runs, x, signal) {
    this.runs = runs;
    this.x = x;
    this.plot = new PlotArea({
      label: "Learning curves",
      xName: runs.axis === "step" ? "steps of training" : runs.axis,
      room: 56,
    });
    this.here = svg("path", { class: "dl-here" });
    this.lines = {};
    this.names = Object.fromEntries(
      ["without", "with"].map((arm) => [arm, svg("text", { class: "dl-name", x: this.plot.right + 4 })]),
    );
    this.plot.inside.append(this.here);
    this.plot.drawing.append(...Object.values(this.names));
    for (const arm of ["without", "with"]) {
      for (const part of Object.keys(CURVES)) {
        const line = {
          band: svg("path", { class: `dl-band dl-${arm}` }),
          path: svg("path", { class: `dl-${arm} dl-${part}` }),
        };
        this.lines[`${arm} ${part}`] = line;
        this.plot.inside.append(line.band, line.path);
      }
    }
    const last = runs.steps.length - 1;
    this.at = element("input", { type: "range", min: 0, max: last, step: 1 });
    this.at.value = last;
    this.readout = element("output", { class: "dl-readout" });
    this.view = element(
      "div",
      {},
      this.plot.drawing,
      element("label", { class: "dl-slider" }, element("span", {}, "Read the curves at"), this.at),
      this.readout,
    );
    this.at.addEventListener("input", () => this.read(), { signal });
    this.plot.drawing.addEventListener(
      "pointermove",
      (event) => {
        this.at.value = nearest(runs.steps, this.plot.valueAt(event));
        this.read();
      },
      { signal },
    );
  }

  draw(now) {
    const { runs, x, plot } = this;
    this.now = now;
    const base = { ...now, [x]: runs.parameters[x][0] };
    this.arms = base[x] === now[x] ? { without: base } : { without: base, with: now };
    // The same axis for every value of x: the eye can compare.
    const ends = runs.parameters[x].map((value) => lookUp(runs, { ...now, [x]: value }).validation.mean.at(-1));
    const yTicks = coveringTicks(0, 2 * Math.min(...ends) + 0.5 * Math.max(...ends));
    const last = runs.steps.at(-1);
    const xTicks = coveringTicks(0, last).filter((step) => step <= last);
    plot.scale(xTicks, yTicks, { yName: Y_NAMES[now.metric], xEnds: [0, last], margin: 8 });
    for (const [name, { band, path }] of Object.entries(this.lines)) {
      const [arm, part] = name.split(" ");
      const there = this.arms[arm];
      if (!there) {
        for (const line of [band, path]) line.removeAttribute("d");
        continue;
      }
      const { mean, half } = lookUp(runs, there)[part];
      const along = (sign) => mean.map((value, i) => [runs.steps[i], value + sign * half[i]]);
      path.setAttribute("d", plot.path(along(0)));
      band.setAttribute("d", `${plot.path([...along(1), ...along(-1).reverse()])}Z`);
    }
    this.nameLines();
    this.read();
  }

  /** Name the arms where their validation curves end, the lower one below. */
  nameLines() {
    const { runs, x, arms, names, plot } = this;
    const ends = Object.fromEntries(
      Object.entries(arms).map(([arm, there]) => [arm, plot.y(lookUp(runs, there).validation.mean.at(-1))]),
    );
    const apart = ends.with === undefined ? 0 : Math.max(0, (16 - Math.abs(ends.with - ends.without)) / 2);
    for (const [arm, text] of Object.entries(names)) {
      text.textContent = arm in arms ? `${x} = ${shown(arms[arm][x])}` : "";
      const other = ends[arm === "with" ? "without" : "with"] ?? ends[arm];
      text.setAttribute(
        "y",
        (ends[arm] ?? 0) + 5 + (ends[arm] > other || (ends[arm] === other && arm === "with") ? apart : -apart),
      );
    }
  }

  /** Say what the curves are at the chosen step. */
  read() {
    const { runs, x, now } = this;
    const k = Number(this.at.value);
    const step = runs.steps[k];
    this.here.setAttribute("d", verticalAt(this.plot.x(step)));
    this.at.setAttribute("aria-valuetext", `${runs.axis} ${step}`);
    const numbers = (there, part) => {
      const { mean, half } = lookUp(runs, there)[part];
      return estimate({ mean: mean[k], half: half[k] }, now.metric);
    };
    const lines = Object.entries(this.arms).map(([arm, there]) => {
      const parts = Object.entries(CURVES).map(([part, word]) => `${word} ${numbers(there, part)}`);
      return element("span", { class: `dl-arm dl-${arm}` }, `${x} = ${shown(there[x])}: ${parts.join(", ")}`);
    });
    this.readout.replaceChildren(
      element("span", {}, `After ${step} ${runs.axis}s, ${Y_NAMES[now.metric]}, training dashed:`),
      ...lines,
    );
  }
}

/** End results against x: one point with its interval for each value, to choose. */
class EndsView {
  constructor(runs, x, choose, signal) {
    this.runs = runs;
    this.x = x;
    this.plot = new PlotArea({ label: `Test result at the end, by ${nameOf(x)}`, xName: nameOf(x) });
    this.line = svg("path", { class: "dl-with dl-joined" });
    this.points = runs.parameters[x].map((value) => {
      const arm = value === runs.parameters[x][0] ? "without" : "with";
      const point = svg("g", { class: `dl-point dl-${arm}`, tabindex: 0, role: "button" });
      const parts = {
        column: svg("rect", { class: "dl-reach" }),
        bar: svg("path", { class: "dl-bar" }),
        dot: svg("circle", { r: 5 }),
      };
      point.append(parts.column, parts.bar, parts.dot);
      const show = () => this.read(value);
      for (const kind of ["pointerenter", "focus"]) point.addEventListener(kind, show, { signal });
      for (const kind of ["pointerleave", "blur"]) point.addEventListener(kind, () => this.read(), { signal });
      point.addEventListener("click", () => choose(value), { signal });
      point.addEventListener(
        "keydown",
        (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          choose(value);
        },
        { signal },
      );
      return { value, point, ...parts };
    });
    this.plot.inside.append(this.line, ...this.points.map(({ point }) => point));
    this.readout = element("output", { class: "dl-readout" });
    this.view = element("div", {}, this.plot.drawing, this.readout);
  }

  draw(now) {
    const { runs, x, plot } = this;
    this.now = now;
    const values = runs.parameters[x];
    const ends = values.map((value) => lookUp(runs, { ...now, [x]: value }).test);
    const low = Math.min(...ends.map(({ mean, half }) => mean - half));
    const high = Math.max(...ends.map(({ mean, half }) => mean + half));
    plot.scale(values, coveringTicks(low > 0.4 * high ? low : 0, high), {
      yName: `test ${Y_NAMES[now.metric]}`,
      margin: 18,
    });
    this.line.setAttribute("d", plot.path(values.map((value, i) => [value, ends[i].mean])));
    const width = Math.min(...values.slice(1).map((value, i) => plot.x(value) - plot.x(values[i]))); // no two overlap
    this.points.forEach(({ value, point, column, bar, dot }, i) => {
      const at = plot.x(value);
      for (const [key, number] of Object.entries(columnAt(at, width))) column.setAttribute(key, number);
      const [top, bottom] = [1, -1].map((sign) => plot.y(ends[i].mean + sign * ends[i].half).toFixed(1));
      bar.setAttribute("d", `M${at - 4} ${top}h8M${at} ${top}V${bottom}M${at - 4} ${bottom}h8`);
      dot.setAttribute("cx", at);
      dot.setAttribute("cy", plot.y(ends[i].mean));
      point.setAttribute("aria-pressed", String(value === now[x]));
      point.setAttribute("aria-label", this.words(value));
    });
    if (!this.points.some(({ point }) => point.matches(":hover, :focus"))) this.read();
  }

  words(value) {
    const { metric } = this.now;
    const at = lookUp(this.runs, { ...this.now, [this.x]: value });
    const rate = at.lr === undefined ? "" : `, learning rate ${at.lr}`;
    return `${this.x} = ${shown(value)}: test ${metric} ${estimate(at.test, metric)}${UNITS[metric]}${rate}`;
  }

  /** Say what one point is; without a value, how to ask. */
  read(value) {
    this.readout.textContent = value === undefined ? HINT : this.words(value);
  }
}

/** End results by x, and the curves of the chosen setting, as tables. */
function tables(runs, now) {
  const { metric } = now;
  const [x] = Object.keys(runs.parameters);
  const others = Object.keys(runs.parameters)
    .slice(1)
    .map((name) => `${nameOf(name)}: ${worded(name, now[name])}`);
  const end = runs.parameters[x].map((value) => {
    const at = lookUp(runs, { ...now, [x]: value });
    return [
      shown(value),
      estimate(at.test, metric),
      estimate(at.difference, metric),
      ...(runs.lr ? [String(at.lr)] : []),
    ];
  });
  const { train, validation } = lookUp(runs, now);
  const along = runs.steps.map((step, k) => [
    String(step),
    ...[train, validation].map(({ mean, half }) => estimate({ mean: mean[k], half: half[k] }, metric)),
  ]);
  const heads = [x, `test ${Y_NAMES[metric]}`, `difference from ${x} = ${shown(runs.parameters[x][0])}`];
  return [
    asTable(["At the end", ...others].join(". "), [...heads, ...(runs.lr ? ["learning rate"] : [])], end),
    asTable(
      [`While training, ${x} = ${shown(now[x])}`, ...others].join(". "),
      [runs.axis, `training ${Y_NAMES[metric]}`, `validation ${Y_NAMES[metric]}`],
      along,
    ),
  ];
}

function asTable(caption, heads, rows) {
  const head = element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text))));
  const body = rows.map(([first, ...rest]) =>
    element("tr", {}, element("th", { scope: "row" }, first), ...rest.map((text) => element("td", {}, text))),
  );
  return element("table", {}, element("caption", {}, caption), head, element("tbody", {}, ...body));
}

function nearest(steps, value) {
  return steps.reduce((best, step, k) => (Math.abs(step - value) < Math.abs(steps[best] - value) ? k : best), 0);
}
