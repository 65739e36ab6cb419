// The answers to the quizzes of a page: kept as they are given, and brought back.

import { inTalk } from "./kept.js";
import { withEntry } from "./record.js";

/** @import { Kept } from "./kept.js" */

/**
 * @param {Element} article
 * @param {Kept} kept
 */
export function followQuizzes(article, kept) {
  const wordsOf = (/** @type {Element | null | undefined} */ element) =>
    (element?.textContent ?? "").replace(/\s+/g, " ").trim();

  /** What was kept when a talk began: the talk asks it afresh, and changes nothing of it. @type {Set<string>} */
  const aside = new Set();

  const follow = (/** @type {Event} */ { target }) => {
    if (!(target instanceof HTMLInputElement) || aside.has(target.name)) return;
    const quiz = target.closest(".dl-quiz");
    if (!quiz) return;
    const choice = target.closest(".dl-choice");
    const entry = {
      ...{ name: target.name, at: new Date().toISOString(), question: wordsOf(quiz.querySelector("legend")) },
      ...{ choice: Number(target.value), answer: wordsOf(choice?.querySelector("label")) },
      right: choice?.matches(".dl-right") === true,
    };
    kept.change(({ answers }) => ({ answers: withEntry(answers, entry) }), quiz);
  };

  const inputs = () => /** @type {NodeListOf<HTMLInputElement>} */ (article.querySelectorAll(".dl-quiz input"));

  /** Show what is kept. */
  const show = () => {
    if (!inTalk()) aside.clear();
    const chosen = new Map(kept.get().answers.map(({ name, choice }) => [name, String(choice)]));
    for (const input of inputs()) {
      if (!aside.has(input.name)) input.checked = chosen.get(input.name) === input.value;
    }
  };

  article.addEventListener("change", follow);
  return {
    show,
    /** Ask everything afresh, until the talk ends. */
    setAside() {
      for (const { name } of kept.get().answers) aside.add(name);
      for (const input of inputs()) input.checked = false;
    },
  };
}
