// The guesses of a page: kept as they are made, and brought back.

import { askedBy, fitting, promptOf } from "./fits.js";
import { inTalk } from "./kept.js";
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
  /** What was kept when a talk began: the talk asks it afresh, and changes nothing of it. @type {Set<string>} */
  const aside = new Set();

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
    if (restoring) return;
    known.set(name, told({ guess, stage, assumed }));
    // In a talk nobody has asked to be shown the answer.
    if (aside.has(name) || (stage === "shown" && inTalk())) return;
    const of = askedBy(/** @type {AnyPrompt} */ (prompt));
    const at = new Date().toISOString();
    resting.set(name, { name, at, question: prompt.question, stage, guess, sentence, assumed, of });
    clearTimeout(timer);
    if (stage === "open") timer = setTimeout(settle, PAUSE);
    else settle(/** @type {Element} */ (target));
  };

  /** @param {Element} prediction @param {State} state */
  const put = (prediction, { guess, stage, assumed }) => {
    const send = (/** @type {State} */ detail) => prediction.dispatchEvent(new CustomEvent("dl-restore", { detail }));
    const prompt = promptOf(prediction);
    restoring = true;
    // A list goes back to the order in which it is offered only if that is a guess.
    if (!guess && prompt.kind === "order") send({ ...OPEN, guess: prompt.labels });
    send({ guess, stage, assumed });
    restoring = false;
  };

  /** Bring a prediction to a state, if it is in another. @param {Element} prediction @param {string} name @param {State} state */
  const bring = (prediction, name, state) => {
    const now = told(state);
    if (now === (known.get(name) ?? told(OPEN))) return;
    known.set(name, now);
    put(prediction, state);
  };
  const all = () =>
    Array.from(article.querySelectorAll("[data-question]"), (prediction) => ({
      prediction,
      name: prediction.getAttribute("data-question") ?? "",
    }));

  /** Show what is kept. */
  const show = () => {
    if (!inTalk()) aside.clear();
    const { predictions } = kept.get();
    for (const { prediction, name } of all()) {
      const entry = predictions.find((each) => each.name === name);
      if ((!entry && !known.has(name)) || resting.has(name) || aside.has(name)) continue;
      bring(prediction, name, fitting(promptOf(prediction), entry) ?? OPEN);
    }
  };

  article.addEventListener("dl-prediction", /** @type {EventListener} */ (follow));
  addEventListener("pagehide", () => settle());
  return {
    show,
    /** Ask everything afresh, until the talk ends. */
    setAside() {
      settle();
      for (const { name } of kept.get().predictions) aside.add(name);
      for (const { prediction, name } of all()) bring(prediction, name, OPEN);
    },
    /** What rests is not to be kept any more. */
    drop() {
      clearTimeout(timer);
      resting.clear();
    },
  };
}
