// Native controls, bound to the model: moving one sets the trait, and the trait moves it.

/**
 * An explorable's state: anywidget's model, or on a plain page the one of host.js.
 *
 * @template {object} Traits
 * @typedef {{
 *   get<Name extends keyof Traits & string>(name: Name): Traits[Name],
 *   set<Name extends keyof Traits & string>(name: Name, value: Traits[Name]): void,
 *   on(event: string, listener: () => void): void,
 *   off(event: string, listener: () => void): void,
 *   save_changes(): void,
 * }} Model
 */

/** @typedef {Record<string, string | number | boolean | undefined>} Attributes */

/**
 * Make an element with attributes and children.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/**
 * Make an element of SVG with attributes and children.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  place(made, attributes);
  made.append(...children);
  return made;
}

/** Set attributes of a shape. @param {Element} shape @param {Attributes} attributes */
export function place(shape, attributes) {
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
}

/**
 * A table whose rows begin with their names, in a box that can be scrolled where it is too wide.
 *
 * @param {string} caption
 * @param {string[]} heads
 * @param {(Node | string)[][]} rows
 */
export function table(caption, heads, rows) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const body = rows.map(([name, ...cells]) =>
    element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell))),
  );
  const made = element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, head),
    element("tbody", {}, ...body),
  );
  const box = element("div", { class: "dl-scroll" }, made);
  const update = () => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const observer = new ResizeObserver(update);
  for (const watched of [box, made]) observer.observe(watched);
  return box;
}

/**
 * Set a trait, and tell the kernel where there is one.
 *
 * @template {object} Traits
 * @template {keyof Traits & string} Name
 * @param {Model<Traits>} model
 * @param {Name} name
 * @param {Traits[Name]} value
 */
export function assign(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/**
 * Call `listener` when one of the traits changes, until the signal.
 *
 * @param {Pick<Model<object>, "on" | "off">} model
 * @param {readonly string[]} names
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onChange(model, names, listener, signal) {
  for (const name of names) {
    model.on(`change:${name}`, listener);
    signal.addEventListener("abort", () => model.off(`change:${name}`, listener));
  }
}

/**
 * Where a value stands among others; numbers that differ by rounding alone are one, as are 0.3
 * and 0.1 + 0.2. Without it -1.
 *
 * @template Value
 * @param {Value[]} values
 * @param {Value} value
 */
export function placeOf(values, value) {
  const exact = values.indexOf(value);
  if (exact >= 0 || typeof value !== "number") return exact;
  return values.findIndex((each) => typeof each === "number" && Math.abs(each - value) <= 1e-9 * Math.abs(each));
}

/**
 * A slider with its label and its value in words: over numbers from `min` to `max`, or over
 * `values`, whatever lies between them.
 *
 * @template {string} Name
 * @template Value
 * @param {Model<Record<Name, Value>>} model
 * @param {Name} name The trait.
 * @param {{ label: string, format?: (value: Value) => string } & Stops<Value>} options
 * @param {AbortSignal} signal
 */
export function slider(model, name, { label, values, min, max, step, format = String }, signal) {
  const stops = values ? { min: 0, max: values.length - 1, step: 1 } : { min, max, step };
  const input = element("input", { type: "range", ...stops });
  const shown = element("span", { class: "dl-value", "aria-hidden": "true" }); // the input says it
  const show = () => {
    const value = model.get(name);
    input.value = String(values ? placeOf(values, value) : value);
    shown.textContent = format(value);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  const move = () => {
    const at = Number(input.value);
    assign(model, name, values ? values[at] : /** @type {Value} */ (at));
  };
  input.addEventListener("input", move, { signal });
  onChange(model, [name], show, signal);
  show();
  return element("label", { class: "dl-slider" }, element("span", {}, label), shown, input);
}

/**
 * @template Value
 * @typedef {{ values: Value[], min?: undefined, max?: undefined, step?: undefined } |
 *   { values?: undefined, min: number, max: number, step: number }} Stops
 */

/**
 * A choice among a few values, each with its name.
 *
 * @template {string} Name
 * @template Value
 * @param {Model<Record<Name, Value>>} model
 * @param {Name} name The trait.
 * @param {{ label: string, values: Value[], format?: (value: Value) => string }} options
 * @param {AbortSignal} signal
 */
export function choice(model, name, { label, values, format = String }, signal) {
  const options = values.map((value) => element("option", { value: String(value) }, format(value)));
  const select = element("select", {}, ...options);
  const show = () => {
    select.selectedIndex = placeOf(values, model.get(name));
  };
  select.addEventListener("change", () => assign(model, name, values[select.selectedIndex]), { signal });
  onChange(model, [name], show, signal);
  show();
  return element("label", { class: "dl-choice" }, element("span", {}, label), select);
}

/**
 * A box to tick.
 *
 * @template {string} Name
 * @param {Model<Record<Name, boolean>>} model
 * @param {Name} name The trait.
 * @param {{ label: string }} options
 * @param {AbortSignal} signal
 */
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

/**
 * A button.
 *
 * @param {string} label
 * @param {() => void} press
 * @param {AbortSignal} signal
 */
export function button(label, press, signal) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", press, { signal });
  return made;
}
