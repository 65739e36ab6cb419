// A choice among a few answers: one of them, or all that hold.

import { assign, element } from "../explorables/shared/controls.js";
import { listed } from "./words.js";

/** @import { Scene } from "../explorables/shared/lifecycle.js" */
/** @import { Part, Prompt, Traits } from "./frame.js" */

/**
 * `right` are the places of what was measured: of one choice among several, either is.
 *
 * @typedef {{ options: string[], right: number[], several: boolean, answer: string }} ChoiceDetails
 */

/**
 * The comparison in words.
 *
 * @param {ChoiceDetails} prompt
 * @param {string[]} guess
 */
export function describeChoice({ options, right, several, answer }, guess) {
  const quoted = (/** @type {string[]} */ texts) => listed(texts.map((text) => `“${text}”`)) || "none";
  const holds = (/** @type {string} */ option) => right.includes(options.indexOf(option));
  const agrees = guess.every(holds) && !(several && right.some((i) => !guess.includes(options[i])));
  const chosen = `You chose ${quoted(guess)}`;
  if (several && !agrees) return `${chosen}; measured: ${quoted(options.filter(holds))}. ${answer}`;
  if (agrees && right.length > 1 && !several) return `${chosen}, which the measurement allows. ${answer}`;
  return `${chosen}, and ${agrees ? "so it is" : "it is not so"}. ${answer}`;
}

/**
 * @param {Scene<Traits<string[]>>} scene
 * @returns {Part<string[]>}
 */
export function choicePart({ model, signal }) {
  const prompt = /** @type {Prompt & ChoiceDetails} */ (model.get("prompt"));
  const { options, right, several, question } = prompt;
  const group = `dl-${prompt.slug}-${nextGroup++}`; // two views of one do not meet
  const inputs = options.map(() => element("input", { type: several ? "checkbox" : "radio", name: group }));
  const verdicts = options.map(() => element("span", { class: "dl-verdict" }));
  const rows = options.map((option, i) =>
    element("label", { class: "dl-option" }, inputs[i], element("span", {}, option), verdicts[i]),
  );
  const legend = element("legend", { class: "dl-spoken" }, question);
  const view = element("fieldset", { class: "dl-options" }, legend, ...rows);
  const keep = () =>
    assign(
      model,
      "guess",
      options.filter((_, i) => inputs[i].checked),
    );
  view.addEventListener("change", keep, { signal });

  const draw = () => {
    const [guess, stage] = [model.get("guess") ?? [], model.get("stage")];
    const open = stage === "open";
    inputs.forEach((input, i) => {
      input.checked = guess.includes(options[i]);
      input.disabled = !open;
      const said = [guess.includes(options[i]) ? "your choice" : "", right.includes(i) ? "✓ measured" : ""];
      verdicts[i].textContent = open ? "" : said.filter(Boolean).join(" · ");
      rows[i].classList.toggle("dl-right", !open && right.includes(i));
    });
  };
  return {
    view,
    help: several ? "Choose all that you expect." : "Choose what you expect.",
    legend: "Marked: what was measured.",
    draw,
    compare: (guess) => describeChoice(prompt, guess),
    answer: prompt.answer,
  };
}

let nextGroup = 0;
