// Where a page is cut into the steps of a talk. The rules, and nothing of the page itself.

/**
 * What a block of a page is. `scaffold` is folded code; `live` is an explorable; `printed` what a
 * cell wrote; `solution` what an exercise folds away.
 *
 * @typedef {"heading" | "text" | "list" | "formula" | "code" | "scaffold" | "printed" | "figure" | "live" | "table"
 *   | "claim" | "quiz" | "prediction" | "solution" | "other"} Kind
 */

/**
 * @typedef {object} Block
 * @property {Kind} kind
 * @property {number} size Letters; of code, lines.
 * @property {boolean} leads Whether it ends in a colon.
 * @property {boolean} goesOn Whether it goes on with the sentence before it, or is a remark in brackets.
 */

/**
 * @typedef {object} Step
 * @property {Kind} kind Of the block that it is about.
 * @property {number} about That block.
 * @property {"ask" | "compare" | ""} part A prediction is two steps.
 * @property {number[]} blocks Which blocks it shows.
 * @property {number[]} folded Which scaffolds belong to it.
 * @property {number[]} again Which it shows once more: the table that it speaks of.
 */

/** What is an answer, and waits until the speaker reveals it. */
export const ANSWERS = new Set(["printed", "figure", "table", "claim", "quiz", "solution"]);

/** What a remark may follow. */
const RESULTS = new Set(["printed", "figure", "table", "claim"]);

// In letters, and in lines of code: what a screen of 1024 x 768 pixels shows at the size of a talk.
const [SENTENCE, LEAD, PARAGRAPH, SCREEN] = [230, 340, 520, 620];
const [LINES, TABLE] = [14, 6];

/**
 * Cut a page. Every block is new in exactly one step, but for predictions, which are in two.
 *
 * @param {readonly Block[]} blocks
 * @returns {Step[]}
 */
export function cut(blocks) {
  /** @type {Step[]} */
  const steps = [];
  /** @type {number[]} */
  let folded = [];
  for (const [i, block] of blocks.entries()) {
    const { kind } = block;
    if (kind === "scaffold") {
      folded.push(i);
      continue;
    }
    const last = steps.at(-1);
    if (last && kind === "heading") {
      last.folded.push(...folded); // they belong to what stands before the heading
      folded = [];
    }
    if (last && joins(last, blocks, block)) {
      last.blocks.push(i);
      last.folded.push(...folded);
      last.again = [];
      if (!ANSWERS.has(last.kind)) Object.assign(last, { kind, about: i });
    } else {
      const again = last ? spokenOf(last, blocks, block) : [];
      steps.push({ kind, about: i, part: kind === "prediction" ? "ask" : "", blocks: [i], folded, again });
      if (kind === "prediction") steps.push({ kind, about: i, part: "compare", blocks: [i], folded, again });
    }
    folded = [];
  }
  steps.at(-1)?.folded.push(...folded);
  return steps;
}

/**
 * What a paragraph right behind a table speaks of, if there is room for both.
 *
 * @param {Step} step The one before it.
 * @param {readonly Block[]} blocks
 * @param {Block} block
 */
function spokenOf(step, blocks, block) {
  const at = /** @type {number} */ (step.blocks.at(-1));
  const { kind, size } = blocks[at];
  return kind === "table" && block.kind === "text" && !block.leads && size + block.size <= SCREEN ? [at] : [];
}

/**
 * Whether a block is shown together with those of the step before it.
 *
 * @param {Step} step
 * @param {readonly Block[]} blocks
 * @param {Block} block
 */
function joins(step, blocks, block) {
  const shown = step.blocks.map((at) => blocks[at]);
  const last = /** @type {Block} */ (shown.at(-1));
  const all = (/** @type {Kind[]} */ ...kinds) => shown.every(({ kind }) => kinds.includes(kind));
  const letters = shown.reduce((sum, { size }) => sum + size, block.size);
  const led = all("text") && last.size <= (last.leads ? LEAD : SENTENCE);
  if (step.part) return false;
  switch (block.kind) {
    case "heading":
      return all("heading");
    case "text":
      if (all("heading")) return letters <= SCREEN;
      return (
        block.goesOn && (last.kind === "formula" ? letters <= SCREEN : RESULTS.has(last.kind) && block.size <= SENTENCE)
      );
    case "formula":
      return all("heading", "text", "formula") && letters <= PARAGRAPH;
    case "list":
      return all("heading") ? letters <= SCREEN + PARAGRAPH : all("text") && last.leads && letters <= SCREEN;
    case "code":
      return all("heading") || (led && last.leads && block.size <= LINES);
    case "printed":
    case "table":
      if (last.kind === "code") return last.size + (block.kind === "table" ? TABLE : block.size) <= LINES + TABLE;
      return all("heading") || led;
    case "figure":
    case "claim":
      return all("heading") || led;
    case "quiz":
      return all("heading");
    case "solution":
      return last.kind === "text";
    default:
      return false;
  }
}
