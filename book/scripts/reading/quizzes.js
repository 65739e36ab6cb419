// The answers to the quizzes of a page: kept as they are given, and brought back.

import { withEntry } from "./record.js";

/** @import { Kept } from "./kept.js" */

/**
 * @param {Element} article
 * @param {Kept} kept
 */
export function followQuizzes(article, kept) {
  const wordsOf = (/** @type {Element | null | undefined} */ element) =>
    (element?.textContent ?? "").replace(/\s+/g, " ").trim();

  const follow = (/** @type {Event} */ { target }) => {
    if (!(target instanceof HTMLInputElement)) return;
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

  article.addEventListener("change", follow);
  return {
    /** Show what is kept. */
    show() {
      const chosen = new Map(kept.get().answers.map(({ name, choice }) => [name, String(choice)]));
      for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (article.querySelectorAll(".dl-quiz input"))) {
        input.checked = chosen.get(input.name) === input.value;
      }
    },
  };
}
