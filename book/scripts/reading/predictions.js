// The guesses of a page: kept as they are made, and brought back.

import { askedBy, fitting, promptOf } from "./fits.js";
import { withEntry, without } from "./record.js";

/** @import { Report } from "../../../lib/dropoutlab/predictions/frame.js" */
/** @import { AnyPrompt } from "./fits.js" */
/** @import { Kept } from "./kept.js" */
/** @import { Guess, Predicted } from "./record.js" */

/** @typedef {Pick<Predicted, "guess" | "stage" | "assumed">} State */

/** @type {State} */
const OPEN = { guess: null, stage: "open", assumed: "" };
// In milliseconds: a guess that is dragged along a scale is kept when it rests.
const PAUSE = 300;

/** A state as one text. @param {State} state */
function told({ guess, stage, assumed }) {
  return JSON.stringify([guess, stage, assumed]);
}

/** Whether there is nothing to keep. @param {State} state */
function isUntouched(state) {
  return told(state) === told(OPEN);
}

/**
 * @param {Element} article
 * @param {Kept} kept
 */
export function followPredictions(article, kept) {
  /** The state of each, by its name, as it was last told. @type {Map<string, string>} */
  const known = new Map();
  /** @type {Map<string, Predicted>} */
  const resting = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let restoring = false;

  const settle = (/** @type {Element | undefined} */ near = undefined) => {
    clearTimeout(timer);
    const entries = [...resting.values()];
    resting.clear();
    if (!entries.length) return;
    kept.change(
      ({ predictions }) => ({
        predictions: entries.reduce(
          (list, entry) => (isUntouched(entry) ? without(list, entry.name) : withEntry(list, entry)),
          predictions,
        ),
      }),
      near,
    );
  };

  /** @param {CustomEvent<Report>} event */
  const follow = ({ detail, target }) => {
    const { question: name, stage, assumed, prompt, sentence } = detail;
    const guess = /** @type {Guess | null} */ (detail.guess);
    // In a talk nobody has asked to be shown the answer.
    if (restoring || (stage === "shown" && "presenting" in document.documentElement.dataset)) return;
    known.set(name, told({ guess, stage, assumed }));
    const of = askedBy(/** @type {AnyPrompt} */ (prompt));
    const at = new Date().toISOString();
    resting.set(name, { name, at, question: prompt.question, stage, guess, sentence, assumed, of });
    clearTimeout(timer);
    if (stage === "open") timer = setTimeout(settle, PAUSE);
    else settle(/** @type {Element} */ (target));
  };

  const put = (/** @type {Element} */ prediction, /** @type {State} */ detail) => {
    restoring = true;
    prediction.dispatchEvent(new CustomEvent("dl-restore", { detail }));
    restoring = false;
  };

  /** Show what is kept. */
  const show = () => {
    const { predictions } = kept.get();
    for (const prediction of article.querySelectorAll("[data-question]")) {
      const name = prediction.getAttribute("data-question") ?? "";
      const entry = predictions.find((each) => each.name === name);
      if ((!entry && !known.has(name)) || resting.has(name)) continue;
      const prompt = promptOf(prediction);
      const { guess, stage, assumed } = fitting(prompt, entry) ?? OPEN;
      const now = told({ guess, stage, assumed });
      if (now === (known.get(name) ?? told(OPEN))) continue;
      known.set(name, now);
      // A list goes back to the order in which it is offered only if that is a guess.
      if (!guess && prompt.kind === "order") put(prediction, { ...OPEN, guess: prompt.labels });
      put(prediction, { guess, stage, assumed });
    }
  };

  article.addEventListener("dl-prediction", /** @type {EventListener} */ (follow));
  addEventListener("pagehide", () => settle());
  return {
    show,
    /** What rests is not to be kept any more. */
    drop() {
      clearTimeout(timer);
      resting.clear();
    },
  };
}
