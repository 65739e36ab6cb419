// How masks are drawn: one by one, or played, and what is shown of those that come fast.

import { assign, button } from "../shared/controls.js";
import { animation, reducedMotion } from "../shared/lifecycle.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Traits } from "./thinned.js" */

/** What shows the state, part by part. @typedef {Record<"showChart" | "showNet" | "sayMask" | "sayProgress", () => void>} Stage */

const MOST_DRAWS = 10_000;
const CALM = 350; // milliseconds between two masks that are shown
const QUIET = 700; // milliseconds without a new mask, until the last one is put into words

/**
 * Masks can come faster than they can be looked at, or listened to: from Play here, in another
 * view, or in the kernel. The chart follows every one, the net a few a second, and words wait
 * until the masks stop.
 *
 * @param {Stage} stage
 * @param {() => boolean} isPlaying
 * @param {AbortSignal} signal
 */
export function makePace({ showChart, showNet, sayMask, sayProgress }, isPlaying, signal) {
  let [netShown, lastDrawn] = [-Infinity, -Infinity];
  let [netTimer, wordsTimer] = [0, 0];
  const stop = () => {
    clearTimeout(netTimer);
    clearTimeout(wordsTimer);
    netTimer = wordsTimer = 0;
  };
  const show = () => {
    netTimer = 0;
    netShown = performance.now();
    showNet();
  };
  const sayAtRest = () => {
    if (!isPlaying()) sayMask();
  };
  signal.addEventListener("abort", stop);
  return {
    showAtOnce() {
      stop();
      showChart();
      show();
      sayAtRest();
    },
    showDrawn() {
      showChart();
      const time = performance.now();
      const isRun = isPlaying() || time - lastDrawn < QUIET;
      lastDrawn = time;
      netTimer ||= setTimeout(show, Math.max(0, netShown + CALM - time));
      clearTimeout(wordsTimer);
      if (!isRun) sayMask();
      else {
        sayProgress();
        wordsTimer = setTimeout(sayAtRest, QUIET);
      }
    },
  };
}

/** How masks are drawn and taken back. @param {Model<Traits>} model */
export function makeDrawing(model) {
  const forgetHand = () => {
    if (model.get("mask").length) model.set("mask", []);
  };
  const isDone = () => model.get("n_drawn") >= MOST_DRAWS;
  const startOver = () => {
    model.set("seed", (model.get("seed") + 1) % 2 ** 32);
    forgetHand();
    assign(model, "n_drawn", 0);
  };
  return {
    isDone,
    startOver,
    restart() {
      if (isDone()) startOver();
    },
    /** @param {number} n */
    draw(n) {
      forgetHand();
      model.set("n_drawn", Math.min(model.get("n_drawn") + n, MOST_DRAWS));
    },
  };
}

/** @typedef {ReturnType<typeof makeDrawing>} Drawing */

/**
 * Playing: two masks a second, later a fifth of those drawn so far, which moves the end of the
 * line at a steady pace on an axis of powers of ten.
 *
 * @param {Scene<Traits>} scene
 * @param {Drawing} drawing
 * @param {() => void} paused
 */
export function makePlayer({ model, el, signal }, { isDone, restart, draw }, paused) {
  let [due, waited, saved] = [0, 0, 0];
  const frame = (/** @type {number} */ elapsed) => {
    waited += elapsed;
    if (waited < (reducedMotion() ? 1000 : 0)) return;
    due += (waited / 1000) * Math.max(2, model.get("n_drawn") / 5);
    waited = 0;
    if (due < 1) return;
    draw(Math.floor(due));
    due %= 1;
    if (isDone()) pause();
    else if (performance.now() - saved > 250) {
      saved = performance.now();
      model.save_changes();
    }
  };
  const moving = animation(el, frame, signal);
  const start = () => {
    restart();
    [due, waited] = [1, 1000];
    toggle.textContent = "Pause";
    moving.play();
  };
  const pause = () => {
    if (!moving.playing) return;
    moving.pause();
    toggle.textContent = "Play";
    model.save_changes();
    paused();
  };
  const toggle = button("Play", () => (moving.playing ? pause() : start()), signal);
  return { toggle, pause, isPlaying: () => moving.playing };
}
