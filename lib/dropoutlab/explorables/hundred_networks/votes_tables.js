// The votes digit by digit, and images to compare, as tables.

import { element, table } from "../shared/controls.js";
import { bitsText, shareText } from "./crowd_words.js";
import { DIGIT_CLASSES, largestOf } from "./voters.js";

/** @import { Verdict } from "./voters.js" */

/** How many vote for each digit, and its probabilities; without a verdict, dashes. */
export class VotesTable {
  #bars = Array.from({ length: DIGIT_CLASSES }, () => element("span", { class: "dl-bar" }));
  #cells = this.#bars.map(() => Array.from({ length: 3 }, () => element("span")));

  constructor() {
    const rows = this.#cells.map(([count, mean, whole], digit) => {
      return [String(digit), element("div", { class: "dl-count" }, count, this.#bars[digit]), mean, whole];
    });
    const heads = ["Digit", "Votes", "Mean prob.", "Whole net"];
    this.view = table("Votes and probabilities, digit by digit", heads, rows);
    this.view.classList.add("dl-votes");
  }

  /** @param {Verdict | null} verdict */
  fill(verdict) {
    const first = verdict ? largestOf(verdict.votes) : -1;
    const total = verdict?.votes.reduce((sum, count) => sum + count, 0) ?? 1;
    for (const [digit, [count, mean, whole]] of this.#cells.entries()) {
      count.closest("tr")?.classList.toggle("dl-first", digit === first);
      const votes = verdict?.votes[digit] ?? 0;
      this.#bars[digit].style.width = `${(100 * votes) / total}%`;
      count.textContent = verdict ? String(votes) : "–";
      mean.textContent = verdict ? shareText(verdict.mean[digit]) : "–";
      whole.textContent = verdict ? shareText(verdict.whole[digit]) : "–";
    }
  }
}

/** What the networks say of several images, a row for each. */
export class Comparison {
  #rows;

  /** @param {(Node | string)[]} names */
  constructor(names) {
    this.#rows = names.map((name) => [name, ...Array.from({ length: 4 }, () => element("span", {}, "–"))]);
    const heads = ["Image", "Most votes", "Entropy of votes", "Entropy of mean", "Disagree\u00adment"];
    this.view = table("Three to compare, entropies in bits", heads, this.#rows);
    this.view.classList.add("dl-compare");
  }

  /** @param {number} row @param {Verdict | null} verdict */
  fill(row, verdict) {
    const first = verdict ? largestOf(verdict.votes) : -1;
    const texts = verdict && [
      `${verdict.votes[first]} for ${first}`,
      ...[verdict.voteEntropy, verdict.entropy, verdict.disagreement].map(bitsText),
    ];
    for (const [i, cell] of this.#rows[row].slice(1).entries()) {
      if (cell instanceof Node) cell.textContent = texts ? texts[i] : "–";
    }
  }
}
