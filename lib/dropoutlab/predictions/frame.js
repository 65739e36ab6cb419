// What all predictions share: the question, the two buttons, the comparison in words, the line
// for what was assumed; and the word that goes out to the page.

import { assign, button, element, onChange } from "../explorables/shared/controls.js";
import { listed, unbroken } from "./words.js";

/** @import { Model } from "../explorables/shared/controls.js" */
/** @import { Scene } from "../explorables/shared/lifecycle.js" */

/** @typedef {"open" | "compared" | "shown"} Stage */

/**
 * What a prediction is about: written by Python, and never changed here. Each kind adds its own.
 *
 * @typedef {object} Prompt
 * @property {"curve" | "number" | "choice" | "order"} kind
 * @property {string} question
 * @property {string} slug The question as a name: one a page.
 * @property {number} room How many characters the comparison has at most: kept free from the start.
 */

/**
 * @template Guess
 * @typedef {{ prompt: Prompt, guess: Guess | null, stage: Stage, assumed: string }} Traits
 */

/**
 * What a kind of prediction hands to the frame.
 *
 * @template Guess
 * @typedef {object} Part
 * @property {HTMLElement} view
 * @property {HTMLElement[]} [more] Beside the two buttons.
 * @property {string} help What to do.
 * @property {string} [keys] And with keys.
 * @property {string} [hollow] What is seen of a guess beside the answer.
 * @property {string} legend What is seen when the answer is there.
 * @property {() => void} draw Show the guess and the stage as they are.
 * @property {() => { label: string }[]} [missing] What a guess still lacks, once there is one.
 * @property {(guess: Guess) => string} compare The comparison, in sentences.
 * @property {string} answer What was measured, in a sentence, for who did not guess.
 */

/**
 * The detail of `dl-prediction`, an event that bubbles from the element with `data-prediction`
 * whenever the guess, the stage or the assumption changes. `page` and `question` name the
 * prediction for good. To bring one back, dispatch `dl-restore` on that element, with `guess`,
 * `stage` and `assumed` as its detail.
 *
 * @typedef {object} Report
 * @property {string} page The name of the page's file, without its ending.
 * @property {string} question The slug.
 * @property {Stage} stage
 * @property {unknown} guess
 * @property {string} assumed
 * @property {Prompt} prompt With what was measured.
 * @property {string} sentence The comparison, empty while the stage is open.
 */

/**
 * Build a prediction around the part that is particular to its kind.
 *
 * @template Guess
 * @param {Scene<Traits<Guess>>} scene
 * @param {Part<Guess>} part
 */
export function framed({ model, el, signal }, part) {
  const prompt = model.get("prompt");
  const page = /** @type {HTMLElement | null} */ (el.closest("[data-prediction]"));
  const home = page ?? el; // a notebook has no page around the view
  home.dataset.prediction = prompt.kind;
  if (!page) el.append(element("p", { class: "dl-question" }, prompt.question));

  const help = element("p", { class: "dl-help" });
  const result = element("p", { class: "dl-result", role: "status", tabindex: "-1" });
  const room = element("p", { class: "dl-result dl-room", "aria-hidden": "true" }, "answer ".repeat(prompt.room / 7));
  const said = element("div", { class: "dl-said" }, room, result);
  const go = (/** @type {Stage} */ stage) => {
    assign(model, "stage", stage);
    result.focus({ preventScroll: true }); // the button is gone
  };
  const compare = button("Compare", () => go("compared"), signal);
  compare.className = "dl-compare";
  const more = [button("Show me", () => go("shown"), signal), ...(part.more ?? [])];
  const buttons = element("div", { class: "dl-buttons" }, compare, ...more);
  const assumption = assumptionLine(model, signal);
  el.append(part.view, help, element("div", { class: "dl-below" }, buttons, said), assumption);

  const sentence = () => {
    const [stage, guess] = [model.get("stage"), model.get("guess")];
    if (stage === "open") return "";
    return stage === "compared" && guess !== null ? part.compare(guess) : part.answer;
  };
  const draw = () => {
    const stage = model.get("stage");
    home.dataset.state = stage;
    const beside = stage === "compared" && part.hollow ? `${part.hollow} ` : "";
    part.draw();
    const missing = (model.get("guess") !== null && part.missing?.()) || [];
    const keys = element("span", { class: "dl-keys" }, part.keys ?? "");
    if (stage !== "open") help.textContent = beside + part.legend;
    else if (missing.length) help.textContent = `Still missing: ${listed(missing.map(({ label }) => label))}.`;
    else help.replaceChildren(part.help, keys);
    compare.disabled = model.get("guess") === null || missing.length > 0;
    const words = unbroken(sentence());
    if (result.textContent !== words) result.textContent = words;
  };
  const tell = () => {
    const detail = {
      page: location.pathname.replace(/^.*\//, "").replace(/\.html$/, ""),
      question: prompt.slug,
      stage: model.get("stage"),
      guess: model.get("guess"),
      assumed: model.get("assumed"),
      prompt,
      sentence: sentence(),
    };
    home.dispatchEvent(new CustomEvent("dl-prediction", { detail, bubbles: true }));
  };
  onChange(model, ["guess", "stage"], draw, signal);
  onChange(model, ["guess", "stage", "assumed"], tell, signal);
  draw();
}

/**
 * A line for what the reader took for granted: it belongs to the guess.
 *
 * @template Guess
 * @param {Model<Traits<Guess>>} model
 * @param {AbortSignal} signal
 */
function assumptionLine(model, signal) {
  const input = element("textarea", { rows: 1, maxlength: 400 });
  const show = () => {
    input.value = model.get("assumed");
  };
  input.addEventListener("change", () => assign(model, "assumed", input.value.trim()), { signal });
  onChange(model, ["assumed"], show, signal);
  show();
  return element("label", { class: "dl-assumed" }, element("span", {}, "What did I assume?"), input);
}
