// What a key means in a talk, and when it belongs to something else.

/** @typedef {"forward" | "back" | "section" | "sectionBack" | "first" | "last" | "code" | "scheme" | "help" | "leave"} Move */

/** @type {Record<string, Move | undefined>} */
const MOVES = {
  ArrowRight: "forward",
  ArrowDown: "forward",
  PageDown: "forward",
  " ": "forward",
  Enter: "forward",
  ArrowLeft: "back",
  ArrowUp: "back",
  PageUp: "back",
  Backspace: "back",
  Home: "first",
  End: "last",
  c: "code",
  C: "code",
  d: "scheme",
  D: "scheme",
  "?": "help",
  Escape: "leave",
};

/** With the shift key. @type {Record<string, Move | undefined>} */
const SHIFTED = { " ": "back", ArrowRight: "section", ArrowLeft: "sectionBack" };

/** What takes every key: it is written into, moved or turned with them. */
const TAKES_ALL = "input, textarea, select, [contenteditable], .dl-live, pre, dialog, [popover]";
/** What is pressed. */
const IS_PRESSED = "a[href], button, summary, label";

/**
 * What a key asks for, pressed while the focus is somewhere.
 *
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean }} event
 * @param {(selector: string) => boolean} inside Whether the focus is in such an element.
 * @returns {Move | "digit" | undefined} Nothing, if the key belongs to what has the focus, or means nothing.
 */
export function meant({ key, shiftKey, ctrlKey, altKey, metaKey }, inside) {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (key === "Escape") return inside("dialog, [popover]") ? undefined : "leave";
  if (inside(TAKES_ALL)) return undefined;
  if ((key === " " || key === "Enter") && inside(IS_PRESSED)) return undefined;
  return /^\d$/.test(key) ? "digit" : (shiftKey && SHIFTED[key]) || MOVES[key];
}

/** Whether Escape first lets go of what has the focus. @param {(selector: string) => boolean} inside */
export function holds(inside) {
  return inside(TAKES_ALL);
}
