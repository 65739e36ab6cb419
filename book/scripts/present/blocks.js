// What a page consists of, in its order: the elements that a talk shows.

/** @import { Block, Kind } from "./cut.js" */

/** A block, where it stands, and the headings of the sections around it, outermost first. @typedef {Block & { element: HTMLElement, titles: HTMLElement[] }} Place */

/** What an output is, by the first of these that is found in it. @type {[string, Kind][]} */
const OUTPUTS = [
  ["[data-prediction]", "prediction"],
  [".dl-claim", "claim"],
  [".dl-quiz", "quiz"],
  [".dl-explorable", "live"],
  ["figure, img", "figure"],
  ["table", "table"],
];

/** What an element of the text is. @type {[string, Kind][]} */
const ELEMENTS = [
  ["h1, h2, h3, h4, h5, h6", "heading"],
  ["p", "text"],
  ["ul, ol, dl", "list"],
  ["div.math", "formula"],
  ["details.fold-quiet", "scaffold"],
  ["details.fold-solution", "solution"],
  [".cell_input, [class*='highlight-']:not(.output)", "code"],
  [".table-scroll, table", "table"],
  ["figure", "figure"],
];

/** Containers that a talk sees through. */
const WRAPPERS = "section, .dl-veiled, .cell, .cell_output";
/** What shows nothing. */
const NOTHING = "script, style, template, hr";

/**
 * Find the blocks of a page.
 *
 * @param {HTMLElement} article
 * @returns {Place[]}
 */
export function blocksOf(article) {
  /** @type {Place[]} */
  const found = [];
  visit(article, [], found);
  return found;
}

/** @param {HTMLElement} parent @param {HTMLElement[]} around @param {Place[]} found */
function visit(parent, around, found) {
  let titles = around;
  for (const element of /** @type {Iterable<HTMLElement>} */ (parent.children)) {
    if (element.matches(WRAPPERS)) {
      visit(element, titles, found);
      continue;
    }
    const text = (element.textContent ?? "").trim();
    if (element.matches(NOTHING) || (!text && !element.querySelector("img, svg"))) continue;
    const kind = kindOf(element);
    if (kind === "heading") titles = [...around, element];
    found.push({ ...blockOf(kind, text), element, titles });
  }
}

/** @param {HTMLElement} element @returns {Kind} */
function kindOf(element) {
  if (element.matches(".output")) return OUTPUTS.find(([inside]) => element.querySelector(inside))?.[1] ?? "printed";
  return ELEMENTS.find(([selector]) => element.matches(selector))?.[1] ?? "other";
}

/** @param {Kind} kind @param {string} text @returns {Block} */
function blockOf(kind, text) {
  const isCode = kind === "code" || kind === "printed";
  return {
    kind,
    size: isCode ? text.split("\n").length : text.replace(/\s+/g, " ").length,
    leads: text.endsWith(":"),
    goesOn: /^\p{Ll}|^\([^()]*\)$/u.test(text),
  };
}
