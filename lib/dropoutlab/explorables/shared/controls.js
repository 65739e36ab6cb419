// Native controls, bound to the model: moving one sets the trait, and the trait moves it.

/** Make an element with attributes and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Make an element of SVG with attributes and children. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Set a trait, and tell the kernel where there is one. */
export function assign(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/** Call `listener` when one of the traits changes, until the signal. */
export function onChange(model, names, listener, signal) {
  for (const name of names) {
    model.on(`change:${name}`, listener);
    signal.addEventListener("abort", () => model.off(`change:${name}`, listener));
  }
}

/**
 * A slider with its label and its value in words.
 *
 * @param {object} model
 * @param {string} name The trait.
 * @param {{ label: string, min: number, max: number, step: number, format?: (value: number) => string }} options
 * @param {AbortSignal} signal
 */
export function slider(model, name, { label, min, max, step, format = String }, signal) {
  const input = element("input", { type: "range", min, max, step });
  const shown = element("span", { class: "dl-value", "aria-hidden": "true" }); // the input says it
  const show = () => {
    input.value = model.get(name);
    shown.textContent = format(model.get(name));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.addEventListener("input", () => assign(model, name, Number(input.value)), { signal });
  onChange(model, [name], show, signal);
  show();
  return element("label", { class: "dl-slider" }, element("span", {}, label), shown, input);
}

/** A choice among a few values, each with its name. */
export function choice(model, name, { label, options }, signal) {
  const select = element(
    "select",
    {},
    ...Object.entries(options).map(([value, text]) => element("option", { value }, text)),
  );
  const show = () => {
    select.value = model.get(name);
  };
  select.addEventListener("change", () => assign(model, name, select.value), { signal });
  onChange(model, [name], show, signal);
  show();
  return element("label", { class: "dl-choice" }, element("span", {}, label), select);
}

/** A box to tick. */
export function checkbox(model, name, { label }, signal) {
  const input = element("input", { type: "checkbox" });
  const show = () => {
    input.checked = model.get(name);
  };
  input.addEventListener("change", () => assign(model, name, input.checked), { signal });
  onChange(model, [name], show, signal);
  show();
  return element("label", { class: "dl-checkbox" }, input, element("span", {}, label));
}

/** A button. */
export function button(label, press, signal) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", press, { signal });
  return made;
}
