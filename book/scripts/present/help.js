// The keys of a talk, in a box of their own.

/** @type {[string, string][]} */
const KEYS = [
  ["→  space", "on, or reveal"],
  ["←", "back"],
  ["⇧ →  ⇧ ←", "next section, section before"],
  ["1 2 Enter", "to step 12"],
  ["C", "the code of this step"],
  ["D", "light or dark"],
  ["Ctrl P", "a handout, two steps a page"],
  ["Esc", "leave"],
];

/** @param {HTMLElement} main What gets the focus back. */
export function helpFor(main) {
  const dialog = document.createElement("dialog");
  dialog.className = "talk-keys";
  dialog.setAttribute("aria-label", "Keys of the talk");
  const list = document.createElement("dl");
  for (const [keys, meaning] of KEYS) {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    for (const key of keys.split("  ")) {
      const made = document.createElement("kbd");
      made.textContent = key;
      term.append(made, " ");
    }
    words.textContent = meaning;
    list.append(term, words);
  }
  const close = document.createElement("button");
  Object.assign(close, { type: "button", textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  dialog.append(list, close);
  // A click beside it is a click on the dialog's own backdrop.
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => main.focus({ preventScroll: true }));
  return dialog;
}
