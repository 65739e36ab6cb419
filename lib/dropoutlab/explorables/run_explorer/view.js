// The run explorer: real training runs, to pick from.

import { signed } from "../shared/chart.js";
import { assign, choice, element, onChange, slider, table } from "../shared/controls.js";
import { explorable, stateOf } from "../shared/lifecycle.js";
import { axisOf, lookUp } from "./run_numbers.js";
import { CurvesView, EndsView } from "./run_views.js";
import { estimated, labelOf, sentence, stepInWords, worded, Y_NAMES } from "./run_words.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Metric, Runs, Setting, Value } from "./run_numbers.js" */

const METRICS = { error: "error (%)", loss: "loss (cross-entropy)" };

/** Each parameter of the runs is a trait as well. @typedef {{ runs: Runs, metric: Metric }} Traits */

/** @param {Scene<Traits>} scene */
function build({ model, el, signal }) {
  const runs = model.get("runs");
  const names = Object.keys(runs.parameters);
  const settings = /** @type {Model<Setting>} */ (/** @type {unknown} */ (model));
  const state = () => /** @type {Setting} */ (stateOf(settings, [...names, "metric"]));

  const curves = new CurvesView(runs, state(), signal);
  const ends = new EndsView(runs, state(), (value) => assign(settings, names[0], value), signal);
  const result = element("p", { class: "dl-result", role: "status" });
  const metric = {
    label: "Measured by",
    values: /** @type {Metric[]} */ (Object.keys(METRICS)),
    format: (/** @type {Metric} */ kind) => METRICS[kind],
  };
  const sliders = names.map((name) => {
    const format = (/** @type {Value} */ value) => worded(name, value);
    return slider(settings, name, { label: labelOf(name), values: runs.parameters[name], format }, signal);
  });
  const controls = element("div", { class: "dl-controls" }, ...sliders, choice(model, "metric", metric, signal));
  const shelf = element("div", { class: "dl-tables" });
  const details = element("details", {}, element("summary", {}, "The same numbers as tables"), shelf);
  el.classList.add("dl-runs");
  const note = element("p", { class: "dl-help" }, runs.note ?? "");
  el.append(element("div", { class: "dl-views" }, curves.view, ends.view), result, controls, note, details);

  const fill = () => shelf.replaceChildren(...(details.open ? tables(runs, state()) : []));
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
}

/**
 * End results by value, and the curves of the chosen setting, as tables.
 *
 * @param {Runs} runs
 * @param {Setting} now
 */
function tables(runs, now) {
  const { metric } = now;
  const { name, values, baseline } = axisOf(runs);
  const rates = runs.lr ? ["learning rate"] : [];
  const others = Object.keys(runs.parameters)
    .slice(1)
    .map((other) => `${labelOf(other)}: ${worded(other, now[other])}`);
  const end = values.map((value) => {
    const { test, difference, lr } = lookUp(runs, { ...now, [name]: value });
    return [signed(value), estimated(test, metric), estimated(difference, metric), ...rates.map(() => String(lr))];
  });
  const { train, validation } = lookUp(runs, now);
  const along = runs.steps.map((step, k) => [
    String(step),
    stepInWords(train, k, metric),
    stepInWords(validation, k, metric),
  ]);
  const yName = Y_NAMES[metric];
  const heads = [name, `test ${yName}`, `difference from ${name} = ${signed(baseline)}`, ...rates];
  return [
    table(["At the end", ...others].join(". "), heads, end),
    table(
      [`While training, ${name} = ${signed(now[name])}`, ...others].join(". "),
      [runs.axis, `training ${yName}`, `validation ${yName}`],
      along,
    ),
  ];
}

export default explorable(build);
