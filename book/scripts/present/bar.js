// The line below a talk: how far it is, and buttons for fingers.

/** @import { Move } from "./keys.js" */

/** @type {[Move, string, string, string][]} */
const BUTTONS = [
  ["leave", "Leave", "Leave the talk", "Escape"],
  ["help", "?", "Keys", "?"],
  ["scheme", "◐", "Light or dark", "D"],
  ["code", "Code", "Code of this step", "C"],
  ["back", "←", "Back", "ArrowLeft"],
  ["forward", "→", "Forward", "ArrowRight"],
];

/** What it tells. @typedef {{ step: number, steps: number, sentence: string, veiled: boolean, code: "none" | "closed" | "open" }} State */

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
      const made = document.createElement("button");
      Object.assign(made, { type: "button", textContent: text, className: `talk-${move}` });
      made.setAttribute("aria-label", name);
      made.setAttribute("aria-keyshortcuts", keys);
      made.addEventListener("click", () => go(move));
      return [move, made];
    }),
  );
  const button = (/** @type {Move} */ move) => /** @type {HTMLButtonElement} */ (buttons.get(move));
  bar.append(...buttons.values(), said);
  bar.insertBefore(count, button("back"));
  let at = "";
  return {
    element: bar,
    /** Show the number of a step while it is typed. @param {string} digits */
    typing(digits) {
      count.textContent = digits ? `to ${digits}` : at;
    },
    /** @param {State} state */
    update({ step, steps, sentence, veiled, code }) {
      at = `${step} of ${steps}`;
      count.textContent = at;
      bar.style.setProperty("--talk-done", String(step / steps));
      said.textContent = `Step ${step} of ${steps}. ${sentence}`;
      const [forward, opener] = [button("forward"), button("code")];
      forward.textContent = veiled ? "Reveal →" : "→";
      forward.setAttribute("aria-label", veiled ? "Reveal" : "Forward");
      opener.hidden = code === "none";
      opener.setAttribute("aria-pressed", String(code === "open"));
    },
  };
}
