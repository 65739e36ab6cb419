// A stroke, as it is being drawn.

import { resampled } from "./strokes.js";

/** @import { CurveChart } from "./curve_chart.js" */
/** @import { Spot } from "./strokes.js" */

/**
 * A stroke follows the pointer, from a press to its end.
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
  const add = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const { drawing, width } = view().chart;
    const box = drawing.getBoundingClientRect();
    const scale = width / box.width;
    if (drawnOn !== view()) stroke = []; // of another size: its points lie elsewhere now
    drawnOn = view();
    stroke.push([(clientX - box.left) * scale, (clientY - box.top) * scale]);
    set(resampled(drawnOn.places, stroke));
  };
  const press = (/** @type {PointerEvent} */ event) => {
    if (pointer >= 0 || event.button !== 0 || !isOpen()) return;
    pointer = event.pointerId;
    stage.setPointerCapture(pointer);
    add(event);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId === pointer && isOpen()) add(event);
  };
  stage.addEventListener("pointerdown", press, { signal });
  stage.addEventListener("pointermove", move, { signal });
  const release = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointer) return;
    pointer = -1;
    stroke = [];
    done();
  };
  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    stage.addEventListener(type, release, { signal });
  }
}
