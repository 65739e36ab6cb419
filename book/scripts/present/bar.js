// The line below a talk: how far it is, and buttons for fingers.

/** @import { Move } from "./keys.js" */

/** @type {[Move, string, string, string][]} */
const BUTTONS = [
  ["leave", "Leave", "Leave the talk", "Escape"],
  ["code", "Code", "Open the folded code", "C"],
  ["back", "←", "Back", "ArrowLeft"],
  ["forward", "→", "Forward", "ArrowRight"],
];

/**
 * Make the line.
 *
 * @param {(move: Move) => void} go
 */
export function barFor(go) {
  const bar = document.createElement("nav");
  bar.className = "talk-bar";
  bar.setAttribute("aria-label", "Talk");
  const [count, said] = [document.createElement("span"), document.createElement("p")];
  count.className = "talk-count";
  count.setAttribute("aria-hidden", "true");
  said.setAttribute("role", "status");
  const buttons = new Map(
    BUTTONS.map(([move, text, name, keys]) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: text, className: `talk-${move}` });
      button.setAttribute("aria-label", name);
      button.setAttribute("aria-keyshortcuts", keys);
      button.addEventListener("click", () => go(move));
      return [move, button];
    }),
  );
  bar.append(...buttons.values(), said);
  bar.insertBefore(count, buttons.get("back") ?? null);
  return {
    element: bar,
    /** @param {number} step @param {number} steps @param {string} sentence @param {boolean} hasCode @param {boolean} isOpen */
    update(step, steps, sentence, hasCode, isOpen) {
      count.textContent = `${step} of ${steps}`;
      bar.style.setProperty("--talk-done", String(step / steps));
      said.textContent = `Step ${step} of ${steps}. ${sentence}`;
      const code = buttons.get("code");
      if (!code) return;
      code.hidden = !hasCode;
      code.setAttribute("aria-pressed", String(isOpen));
    },
  };
}
