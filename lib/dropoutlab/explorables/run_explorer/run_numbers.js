// Numbers of many runs, laid out by setting; and a control for values that were run.

import { assign, element, onChange } from "../shared/controls.js";

/** Where a setting stands among all combinations of the parameters, the last varying fastest. */
export function rowOf(parameters, chosen) {
  return Object.entries(parameters).reduce(
    (at, [name, values]) => at * values.length + values.indexOf(chosen[name]),
    0,
  );
}

/** What was measured at a setting, by `chosen.metric`: each with its mean and half-width. */
export function lookUp(runs, chosen) {
  const row = rowOf(runs.parameters, chosen);
  const found = { lr: runs.lr?.[row] };
  for (const [name, { mean, half }] of Object.entries(runs[chosen.metric]))
    found[name] = { mean: mean[row], half: half[row] };
  return found;
}

/** A slider over the values that there are, whatever lies between them. */
export function rungs(model, name, { label, values, format }, signal) {
  const input = element("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
  const words = element("span", { class: "dl-value", "aria-hidden": "true" }); // the input says it
  const show = () => {
    input.value = values.indexOf(model.get(name));
    words.textContent = format(model.get(name));
    input.setAttribute("aria-valuetext", words.textContent);
  };
  input.addEventListener("input", () => assign(model, name, values[Number(input.value)]), { signal });
  onChange(model, [name], show, signal);
  show();
  return element("label", { class: "dl-slider" }, element("span", {}, label), words, input);
}
