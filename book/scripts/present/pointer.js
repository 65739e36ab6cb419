// Fingers turn the steps, and a pointer takes no keys away from the talk.

import { stroke } from "./touch.js";

/** @import { Move } from "./keys.js" */

const KEEPS_KEYS = "input:not([type=radio], [type=checkbox], [type=range], [type=button]), textarea, select";
const CONTROLS = `a, button, summary, label, input, select, textarea, svg, canvas, .dl-live, pre, .talk-bar`;

/**
 * Give the keys back to the talk once a pointer has done with a control: they go to what was
 * reached by keys. What is written into, or has opened a list, keeps them.
 *
 * @param {HTMLElement} main @param {AbortSignal} signal
 */
export function letGo(main, signal) {
  const later = (/** @type {MouseEvent} */ event) => {
    if (event.type === "click" && !event.detail) return; // pressed with a key
    // A label hands the focus on after its click.
    setTimeout(() => {
      const active = document.activeElement;
      if (signal.aborted || !active || active === main || !main.contains(active)) return;
      if (!active.matches(KEEPS_KEYS)) main.focus({ preventScroll: true });
    });
  };
  for (const kind of /** @type {const} */ (["pointerup", "click"])) addEventListener(kind, later, { signal });
}

/** @param {HTMLElement} main @param {Record<Move, () => void>} moves @param {AbortSignal} signal */
export function followFinger(main, moves, signal) {
  /** @type {PointerEvent | undefined} */
  let down;
  main.addEventListener(
    "pointerdown",
    (event) => {
      const onControl = event.target instanceof Element && event.target.closest(CONTROLS);
      down = event.pointerType === "touch" && event.isPrimary && !onControl ? event : undefined;
    },
    { signal },
  );
  main.addEventListener(
    "pointerup",
    (event) => {
      if (!down || event.pointerId !== down.pointerId) return;
      const move = stroke(event.clientX - down.clientX, event.clientY - down.clientY, down.clientX / innerWidth);
      down = undefined;
      if (move && getSelection()?.isCollapsed !== false) moves[move]();
    },
    { signal },
  );
}
