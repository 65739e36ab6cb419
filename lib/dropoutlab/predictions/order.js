// Arms to put in order: by dragging them, or with keys and buttons.

import { assign, element, place } from "../explorables/shared/controls.js";
import { comparedOrder } from "./ranking.js";

/** @import { Scene } from "../explorables/shared/lifecycle.js" */
/** @import { Part, Prompt, Traits } from "./frame.js" */
/** @import { Signs } from "./ranking.js" */

/**
 * @typedef {object} OrderDetails
 * @property {string[]} labels In the order in which they are offered.
 * @property {string[]} words What was measured of each.
 * @property {number[]} measured The measured order, as indices of labels.
 * @property {Signs} signs
 * @property {[number, number][]} places First and last that each may have, from 1.
 * @property {number[][]} gaps How far apart two of them are.
 * @property {string[][]} differences The same in words, the first minus the second.
 * @property {[string, string]} ends What comes first, what last.
 * @property {string} answer
 * @property {string} basis
 */

/**
 * The comparison in words: pairs, for two that no interval tells apart are right either way.
 *
 * @param {OrderDetails} prompt
 * @param {string[]} guess
 */
export function describeOrder({ labels, signs, gaps, differences }, guess) {
  const order = guess.map((label) => labels.indexOf(label));
  const { told, right, worst } = comparedOrder(order, signs, gaps);
  const ties = (labels.length * (labels.length - 1)) / 2 - told;
  const tied = ties ? ` ${ties === 1 ? "One pair" : `${ties} pairs`} the intervals cannot tell apart.` : "";
  if (!told) return "No interval tells any two of them apart: every order agrees with that.";
  if (!worst) return `Your order is the measured one.${tied}`;
  const [first, second] = worst;
  const miss = `You put ${labels[first]} before ${labels[second]}; measured it is the other way round, the difference is ${differences[first][second]}.`;
  return `${miss} Of ${told} pairs that can be told apart, ${right} stand as measured.${tied}`;
}

/**
 * @param {Scene<Traits<string[]>>} scene
 * @returns {Part<string[]>}
 */
export function orderPart({ model, signal }) {
  const prompt = /** @type {Prompt & OrderDetails} */ (model.get("prompt"));
  const { labels, words, measured, ends, basis, places } = prompt;
  const isOpen = () => model.get("stage") === "open";
  let order = [...labels];
  const list = element("ol", { class: "dl-order" });
  const items = new Map(labels.map((label) => [label, makeItem(label)]));
  const truth = element(
    "ol",
    { class: "dl-order dl-truth" },
    ...measured.map((i) => {
      const [first, last] = places[i];
      const range = first === last ? `${first}` : `${first}–${last}`;
      return element("li", {}, element("b", {}, range), element("span", {}, labels[i]), element("small", {}, words[i]));
    }),
  );

  const keep = () => {
    if (isOpen()) assign(model, "guess", [...order]);
  };
  /** Move one to another place. @param {string} label @param {number} to */
  const move = (label, to) => {
    const at = Math.min(Math.max(to, 0), order.length - 1);
    const others = order.filter((other) => other !== label);
    order = others.toSpliced(at, 0, label);
  };
  const draw = () => {
    const guess = model.get("guess");
    order = guess ? [...guess] : order;
    render();
  };
  const render = () => {
    order.forEach((label, i) => {
      const item = /** @type {HTMLElement} */ (items.get(label));
      const [grip, number] = [item.querySelector("button"), item.querySelector("b")];
      if (number) number.textContent = `${i + 1}`;
      if (grip) {
        grip.disabled = !isOpen();
        place(grip, { "aria-label": `${label}, place ${i + 1} of ${order.length}` });
      }
      // A list that already stands in order is left alone: what moves loses the focus.
      if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
    });
  };
  list.addEventListener(
    "keydown",
    (event) => {
      const grip = event.target;
      const label = grip instanceof HTMLElement ? grip.dataset.label : undefined;
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (label === undefined || !isOpen()) return;
      if (step) move(label, order.indexOf(label) + step);
      else if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      keep();
      if (grip instanceof HTMLElement) grip.focus();
    },
    { signal },
  );
  followDrag(list, { isOpen, move, render, done: keep, count: () => order.length }, signal);

  const heads = [`Your order, ${ends[0]} first`, "Measured"].map((text) => element("p", { class: "dl-name" }, text));
  const columns = [
    [heads[0], list],
    [heads[1], truth],
  ].map((column) => element("div", {}, ...column));
  return {
    view: element("div", { class: "dl-ranking" }, ...columns),
    help: `Drag them into the order you expect, from ${ends[0]} to ${ends[1]}.`,
    keys: " Keys: ↑ ↓ move one, space leaves it.",
    legend: `Places such as 1–2 are shared: no interval tells who comes first${basis && ` (${basis})`}.`,
    draw,
    compare: (guess) => describeOrder(prompt, guess),
    answer: prompt.answer,
  };
}

/** @param {string} label */
function makeItem(label) {
  const grip = element("button", { type: "button", "data-label": label }, element("b", {}), element("span", {}, label));
  return element("li", {}, grip);
}

/**
 * An item follows the pointer from one place to another.
 *
 * @param {HTMLElement} list
 * @param {{ isOpen: () => boolean, move: (label: string, to: number) => void, render: () => void, done: () => void, count: () => number }} does
 * @param {AbortSignal} signal
 */
function followDrag(list, { isOpen, move, render, done, count }, signal) {
  /** @type {string | undefined} */
  let held;
  list.addEventListener(
    "pointerdown",
    (event) => {
      const grip = event.target instanceof Element ? event.target.closest("button") : null;
      if (!grip || !isOpen() || event.button !== 0) return;
      held = grip.dataset.label;
      list.setPointerCapture(event.pointerId);
      grip.focus();
      list.classList.add("dl-dragging");
    },
    { signal },
  );
  list.addEventListener(
    "pointermove",
    ({ clientY }) => {
      if (held === undefined || !isOpen()) return;
      const box = list.getBoundingClientRect();
      move(held, Math.floor(((clientY - box.top) / box.height) * count()));
      render();
    },
    { signal },
  );
  const release = () => {
    if (held === undefined) return;
    held = undefined;
    list.classList.remove("dl-dragging");
    done();
  };
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    list.addEventListener(type, release, { signal });
  }
}
