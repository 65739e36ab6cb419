// Points follow the pointer, in whichever panel, and the keys.

import { pointName } from "./how_sure_words.js";
import { isInside, MAX_POINTS, MIN_POINTS } from "./points.js";

/** @import { Marks, Panel } from "./panel.js" */
/** @import { Actions, Point } from "./points.js" */

/** What can be done to the points, what is said of it, and which are marked. @typedef {{ actions: Actions, say: (text: string) => void, marks: Marks, showMarks: () => void }} Hands */

/** Add a point, and say so. @param {Hands} hands @param {Point} point */
export function addPoint({ actions, say }, point) {
  const added = actions.add(point);
  say(added ? `Added; ${actions.now().length} points.` : `There is room for ${MAX_POINTS} points.`);
}

/** Remove a point, and say so. @param {Hands} hands @param {number} index */
function removePoint({ actions, say }, index) {
  const removed = actions.remove(index);
  say(removed ? `Removed; ${actions.now().length} points.` : `${MIN_POINTS} points must stay.`);
}

/**
 * A point that is dragged off the frame goes when it is let go; a click beside the points adds one.
 *
 * @param {Panel} panel
 * @param {Hands} hands
 * @param {AbortSignal} signal
 */
export function followPointer(panel, hands, signal) {
  const { drawing } = panel;
  const { actions, marks, showMarks } = hands;
  let held = -1;
  let pressed = false; // beside the points
  const press = (/** @type {PointerEvent} */ event) => {
    held = panel.nearest(actions.now(), event);
    pressed = held < 0;
    if (pressed) return;
    drawing.setPointerCapture(event.pointerId);
    mark(held, false);
  };
  const drag = (/** @type {PointerEvent} */ event) => {
    if (held < 0) return;
    mark(held, panel.isOff(event));
    actions.move(held, panel.at(event));
  };
  const release = (/** @type {PointerEvent} */ event) => {
    const index = held;
    held = -1;
    mark(-1, false);
    if (index >= 0 && event.type === "pointerup" && panel.isOff(event)) removePoint(hands, index);
  };
  const click = (/** @type {MouseEvent} */ event) => {
    if (pressed && isInside(panel.at(event))) addPoint(hands, panel.at(event));
    pressed = false;
  };
  const mark = (/** @type {number} */ index, /** @type {boolean} */ isLeaving) => {
    Object.assign(marks, { current: index, leaving: isLeaving ? index : -1 });
    showMarks();
  };
  drawing.addEventListener("pointerdown", press, { signal });
  drawing.addEventListener("pointermove", drag, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(end, (event) => release(/** @type {PointerEvent} */ (event)), { signal });
  }
  drawing.addEventListener("click", click, { signal });
}

/** @type {Record<string, [number, number] | undefined>} */
const STEPS = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

/**
 * Arrows move the point in focus, which is marked in all panels; Delete removes it.
 *
 * @param {Panel} panel
 * @param {Hands} hands
 * @param {AbortSignal} signal
 */
export function followKeys(panel, hands, signal) {
  const { dots } = panel;
  const { actions, marks, say, showMarks } = hands;
  const obey = (/** @type {KeyboardEvent} */ event) => {
    const index = panel.indexOf(event);
    const step = STEPS[event.key];
    if (step) {
      const [x, y] = actions.now()[index];
      actions.move(index, [x + step[0], y + step[1]]);
      say(pointName(actions.now()[index]));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      removePoint(hands, index);
      const next = dots.children[Math.min(index, actions.now().length - 1)];
      if (next instanceof SVGElement) next.focus();
    } else return;
    event.preventDefault();
  };
  const focus = (/** @type {FocusEvent} */ event) => {
    marks.current = event.type === "focusin" ? panel.indexOf(event) : -1;
    showMarks();
  };
  dots.addEventListener("keydown", obey, { signal });
  dots.addEventListener("focusin", focus, { signal });
  dots.addEventListener("focusout", focus, { signal });
}
