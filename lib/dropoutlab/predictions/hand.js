// A stroke, as it is being drawn.

import { resampled } from "./strokes.js";

/** @import { CurveChart } from "./curve_chart.js" */
/** @import { Spot } from "./strokes.js" */

/**
 * A stroke follows the pointer, from a press to its end. A finger that is on its way down the
 * page draws nothing: it taps first, and until it touches something else it draws.
 *
 * @param {HTMLElement} stage
 * @param {() => CurveChart} view
 * @param {object} does
 * @param {() => boolean} does.isOpen
 * @param {(values: (number | null)[]) => void} does.set Gets the stroke at the places, in pixels.
 * @param {() => void} does.done
 * @param {AbortSignal} signal
 */
export function followHand(stage, view, { isOpen, set, done }, signal) {
  /** @type {Spot[]} */
  let stroke = [];
  let pointer = -1;
  let drawnOn = view();
  let taken = false;
  const take = (/** @type {Event} */ { target }) => {
    taken = stage.contains(/** @type {Node} */ (target));
    stage.classList.toggle("dl-taken", taken);
  };
  /** @type {PointerEvent[]} */
  let waiting = [];
  const draw = () => {
    if (!waiting.length || !isOpen()) return;
    if (drawnOn !== view()) stroke = []; // of another size: its points lie elsewhere now
    drawnOn = view();
    stroke.push(...waiting.map((event) => drawnOn.chart.spot(event)));
    waiting = [];
    set(resampled(drawnOn.places, stroke));
  };
  const add = (/** @type {PointerEvent} */ event) => {
    // A hand may move more often than the screen is drawn.
    if (waiting.push(event) === 1) requestAnimationFrame(draw);
  };
  const press = (/** @type {PointerEvent} */ event) => {
    const passes = event.pointerType !== "mouse" && !taken;
    if (pointer >= 0 || event.button !== 0 || !isOpen() || passes) return;
    pointer = event.pointerId;
    stage.setPointerCapture(pointer);
    add(event);
    draw(); // at once: a press alone is a point
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId === pointer && isOpen()) add(event);
  };
  document.addEventListener("click", take, { signal });
  stage.addEventListener("pointerdown", press, { signal });
  stage.addEventListener("pointermove", move, { signal });
  const release = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointer) return;
    draw();
    pointer = -1;
    stroke = [];
    done();
  };
  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    stage.addEventListener(type, release, { signal });
  }
}
