// What is said of a step, to those who listen to the page.

import { titleOf } from "./handout.js";

/** @import { Place } from "./blocks.js" */
/** @import { Step } from "./cut.js" */

const NAMES = {
  ...{ heading: "Heading", text: "", list: "List", formula: "Formula", code: "Code", scaffold: "Code", other: "" },
  ...{ printed: "Output", figure: "Figure", live: "Explorable", table: "Table", claim: "Claim", quiz: "Quiz" },
  ...{ prediction: "Prediction", solution: "Exercise" },
};
const SPOKEN = 240; // letters of a text that are read out

/** @param {Step} step @param {readonly Place[]} places @param {boolean} veiled */
export function sentenceOf(step, places, veiled) {
  const shown = step.blocks.map((at) => places[at]);
  const words = shown
    .filter(({ kind }) => kind === "text" || kind === "heading" || kind === "list")
    .map((place) => spoken(place.element));
  const kind = NAMES[step.kind];
  const part = { ask: "What do you expect?", compare: "Compared.", "": veiled ? "Not revealed yet." : "" }[step.part];
  const title = shown[0].kind === "heading" ? "" : titleOf(shown[0].titles.at(-1));
  return [title, kind, part, words.join(" ").slice(0, SPOKEN)]
    .filter(Boolean)
    .map((each) => (/[.:?)]$/.test(each) ? each : `${each}.`))
    .join(" ");
}

/** The text of an element without what is there twice: a formula's source. @param {HTMLElement} element */
function spoken(element) {
  const copy = /** @type {HTMLElement} */ (element.cloneNode(true));
  for (const each of copy.querySelectorAll(".katex-mathml, .headerlink")) each.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}
