// A talk on paper: two steps a page. Paper gets copies, since a prediction is there twice, asked
// and answered, and so that the page itself stays as it is.

/** @import { Place } from "./blocks.js" */
/** @import { Step } from "./cut.js" */

/** What paper has no use for. */
const LEFT_OUT = "script, style, .dl-live, .copy, .headerlink, details, .above-input";
const [SCALES, SMALLEST_COPY] = [20, 0.2];

/**
 * Make the handout, and put it before everything else.
 *
 * @param {readonly Step[]} steps
 * @param {readonly Place[]} places
 */
export function handoutOf(steps, places) {
  const handout = element("div", "handout bd-article");
  const boxes = steps.map((step, i) => boxOf(step, places, i + 1));
  for (let i = 0; i < boxes.length; i += 2) {
    const page = element("div", "handout-page");
    page.append(...boxes.slice(i, i + 2).map(({ box }) => box));
    handout.append(page);
  }
  document.body.prepend(handout);
  for (const { box, inner } of boxes) {
    for (let i = SCALES; i >= SCALES * SMALLEST_COPY; i--) {
      inner.style.setProperty("zoom", String(i / SCALES));
      if (inner.getBoundingClientRect().bottom <= box.getBoundingClientRect().bottom) break;
    }
  }
  return handout;
}

/** @param {Step} step @param {readonly Place[]} places @param {number} number */
function boxOf(step, places, number) {
  const box = element("section", "handout-step");
  const inner = element("div", "handout-inner");
  const { titles } = places[step.blocks[0]];
  box.append(element("p", "handout-number", `${number} · ${titleOf(titles.at(-1))}`), inner);
  for (const at of step.blocks) inner.append(copyOf(places[at].element, step));
  return { box, inner };
}

/** @param {HTMLElement} original @param {Step} step */
function copyOf(original, step) {
  const copy = /** @type {HTMLElement} */ (original.cloneNode(true));
  if (copy.matches("details")) return element("p", "handout-room");
  for (const part of copy.querySelectorAll(LEFT_OUT)) part.remove();
  // Of two groups of radio buttons with one name, only one could have an answer.
  for (const input of copy.querySelectorAll("input")) input.removeAttribute("name");
  for (const each of [copy, ...copy.querySelectorAll("[data-talk], [data-state]")]) {
    each.removeAttribute("data-talk");
    each.removeAttribute("data-state");
  }
  if (step.part === "ask") {
    const drawn = copy.querySelector(".dl-picture svg, .dl-picture img");
    drawn?.replaceWith(element("p", "handout-room"));
    for (const caption of copy.querySelectorAll("figcaption")) caption.remove();
  }
  return copy;
}

/** @param {HTMLElement | undefined} heading */
export function titleOf(heading) {
  return (heading?.textContent ?? "").replace(/#$/, "").trim();
}

/** @param {string} tag @param {string} name @param {string} [text] */
function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
