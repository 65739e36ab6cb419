// The page as a talk: one step at a time. Nothing of the page is moved: attributes say what is
// shown (book/styles/56-present.css), and they are taken off again at the end.

import { hashOf, stepIn } from "./address.js";
import { covered, show, unfold } from "./answers.js";
import { barFor } from "./bar.js";
import { blocksOf } from "./blocks.js";
import { ANSWERS, cut } from "./cut.js";
import { fitting, largest, smaller } from "./fit.js";
import { handoutOf } from "./handout.js";
import { helpFor } from "./help.js";
import { holds, meant } from "./keys.js";
import { followFinger, letGo } from "./pointer.js";
import { Typed } from "./typed.js";
import { sentenceOf } from "./words.js";

/** @import { Undo } from "./answers.js" */
/** @import { Place } from "./blocks.js" */
/** @import { Step } from "./cut.js" */
/** @import { Move } from "./keys.js" */

const READ = 80; // pixels: what ends higher in the window has been read
const SHOWN = ':is([data-talk="on"], [data-talk="again"])';
const SCROLLS = "pre, .table-scroll, .katex-display, .text_html";
const LINE = 24; // pixels: what is hidden below and is less than a line is no reason to scroll

/** Where a talk was left, and the page is: it goes on there. @type {{ step: number, y: number } | undefined} */
let left;

/** Turn the page into a talk, at a step or where the reader is. @param {number} [at] The first is 1. */
export function present(at) {
  const root = document.documentElement;
  if (root.dataset.presenting !== undefined) return;
  const main = /** @type {HTMLElement} */ (document.getElementById("content"));
  const article = /** @type {HTMLElement} */ (main.querySelector(".bd-article"));
  const places = blocksOf(article);
  const steps = cut(places);
  if (!steps.length) return;

  const closing = new AbortController();
  const { signal } = closing;
  const before = { x: scrollX, y: scrollY, focus: document.activeElement, tabindex: main.getAttribute("tabindex") };
  const bar = barFor((move) => moves[move]());
  const help = helpFor(main);
  /** @type {Undo[]} */
  const undo = [];
  /** @type {Undo | undefined} */
  let closeCode;
  /** @type {HTMLElement | undefined} */
  let handout;
  const resumed = left && Math.abs(left.y - scrollY) < READ ? left.step : undefined;
  let index = Math.min(at ?? resumed ?? stepInView(steps, places), steps.length) - 1;
  let furthest = -1; // what has been revealed stays so when the speaker goes back
  let veiled = false;
  let fitted = -1; // for which block the scale was found

  const elements = (/** @type {number[]} */ blocks) => blocks.map((each) => places[each].element);
  const folds = () =>
    /** @type {HTMLDetailsElement[]} */ (elements(steps[index].folded).filter((each) => each.matches("details")));
  /** The steps that open a section. */
  const beginnings = () => steps.flatMap(({ blocks }, i) => (places[blocks[0]].kind === "heading" ? [i] : []));
  const answer = () => places[steps[index].about];

  let scale = 1;
  const fits = (/** @type {number} */ each) => {
    root.style.setProperty("--talk-scale", each.toFixed(3));
    return main.scrollHeight <= main.clientHeight && !isCutOff(article);
  };
  const fit = () => {
    main.scrollTop = 0;
    scale = fitting(largest(main.clientWidth, main.clientHeight), fits);
    fits(scale);
  };
  // What draws itself anew for its room, an explorable, says only then how high it is.
  const grown = new ResizeObserver(() => {
    if (scale === 1 || fits(scale)) return;
    scale = smaller(scale);
    fits(scale);
  });
  grown.observe(article);
  const tell = () => {
    const step = steps[index];
    const code = folds().length ? (closeCode ? "open" : "closed") : "none";
    bar.update({ step: index + 1, steps: steps.length, sentence: sentenceOf(step, places, veiled), veiled, code });
  };
  const draw = () => {
    unmark(article);
    const step = steps[index];
    for (const each of elements([...step.again, ...step.blocks, ...step.folded])) mark(each, article);
    for (const each of elements(step.again)) each.dataset.talk = "again";
    const title = places[step.blocks[0]].titles.at(-1);
    for (const each of places[step.blocks[0]].titles) {
      if (!each.dataset.talk) each.dataset.talk = each === title ? "title" : "spoken";
    }
    if (veiled) for (const each of covered(answer())) each.setAttribute("data-talk-veil", "");
    // What was asked is compared as large as it was.
    if (step.part !== "compare" || fitted !== step.about) fit();
    fitted = step.about;
    tell();
  };
  const reveal = () => {
    veiled = false;
    furthest = Math.max(furthest, index);
    for (const each of article.querySelectorAll("[data-talk-veil]")) each.removeAttribute("data-talk-veil");
    const undone = show(answer());
    if (undone) undo.push(undone);
  };
  const go = (/** @type {number} */ next) => {
    closeCode?.();
    closeCode = undefined;
    index = Math.min(Math.max(next, 0), steps.length - 1);
    const { kind, part } = steps[index];
    veiled = ANSWERS.has(kind) && index > furthest;
    if (part === "compare") reveal();
    draw();
    history.replaceState(history.state, "", hashOf(index + 1));
    main.focus({ preventScroll: true });
  };

  /** @type {Record<Move, () => void>} */
  const moves = {
    forward() {
      if (veiled) {
        reveal();
        fit();
        tell();
      } else if (main.scrollTop + main.clientHeight < main.scrollHeight - LINE) {
        main.scrollBy({ top: main.clientHeight * 0.8, behavior: "instant" });
      } else if (index < steps.length - 1) go(index + 1);
      else tell();
    },
    back() {
      if (main.scrollTop > 2) main.scrollBy({ top: -main.clientHeight * 0.8, behavior: "instant" });
      else if (index > 0) {
        furthest = Math.max(furthest, index - 1); // it was there before
        go(index - 1);
      }
    },
    section: () => go(beginnings().find((each) => each > index) ?? steps.length - 1),
    sectionBack: () => go(beginnings().findLast((each) => each < index) ?? 0),
    first: () => go(0),
    last: () => go(steps.length - 1),
    code() {
      if (!folds().length) return;
      const close = closeCode;
      closeCode = close ? undefined : unfold(folds());
      close?.();
      fit();
      tell();
    },
    scheme: () => /** @type {HTMLElement} */ (document.querySelector(".scheme-button")).click(),
    help: () => help.showModal(),
    leave() {
      leave();
      if (history.state?.talk === "begun") history.back();
      else history.replaceState(null, "", location.pathname + location.search);
    },
  };

  const leave = () => {
    closing.abort();
    left = index < steps.length - 1 ? { step: index + 1, y: before.y } : undefined;
    closeCode?.();
    for (const each of undo.reverse()) each();
    handout?.remove();
    bar.element.remove();
    help.remove();
    unmark(article);
    delete root.dataset.presenting;
    root.style.removeProperty("--talk-scale");
    if (before.tabindex === null) main.removeAttribute("tabindex");
    else main.setAttribute("tabindex", before.tabindex);
    const focus = before.focus instanceof HTMLElement ? before.focus : null;
    if (focus && focus !== document.body) focus.focus({ preventScroll: true });
    else main.blur();
    scrollTo({ left: before.x, top: before.y, behavior: "instant" });
    document.dispatchEvent(new CustomEvent("dl-talk-ends"));
  };

  const inside = (/** @type {string} */ selector) => {
    const active = document.activeElement;
    return !!active && active !== main && active.closest(selector) !== null;
  };
  const typed = new Typed((digits) => bar.typing(digits));
  addEventListener(
    "keydown",
    (event) => {
      const move = event.defaultPrevented ? undefined : meant(event, inside);
      const number = typed.take(event.key, move !== undefined);
      if (!move) return;
      event.preventDefault();
      if (number) return go(number - 1);
      if (move === "digit") return;
      // Escape first lets go of a slider or a handle.
      if (move === "leave" && holds(inside)) main.focus({ preventScroll: true });
      else moves[move]();
    },
    { signal },
  );
  letGo(main, signal);
  followFinger(main, moves, signal);
  addEventListener("resize", fit, { signal });
  article.addEventListener("toggle", fit, { signal, capture: true });
  // An explorable keeps its room until it runs, and then may need less.
  const started = new MutationObserver((all) => all.some(({ target }) => isRunning(target)) && fit());
  started.observe(article, { subtree: true, attributeFilter: ["data-state"] });
  signal.addEventListener("abort", () => {
    started.disconnect();
    grown.disconnect();
  });
  addEventListener("hashchange", () => follow(), { signal });
  const follow = () => {
    const step = stepIn(location.hash);
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const found = target && history.state?.talk !== "outside" ? stepWith(target, steps, places) : -1;
    if (step) go(step - 1);
    else if (found >= 0) go(found);
    else leave();
  };
  addEventListener(
    "beforeprint",
    () => {
      handout?.remove();
      handout = handoutOf(steps, places);
    },
    { signal },
  );
  addEventListener("afterprint", () => handout?.remove(), { signal });

  if (!stepIn(location.hash)) {
    // The entry that Back leads to is marked, so that it is known from a link within the page.
    history.replaceState({ talk: "outside" }, "");
    history.pushState({ talk: "begun" }, "", hashOf(index + 1));
  }
  root.dataset.presenting = "";
  main.tabIndex = 0;
  document.body.append(bar.element, help);
  document.dispatchEvent(new CustomEvent("dl-talk-begins"));
  go(index);
}

/** Mark an element as shown, and everything around it as the way to it. @param {HTMLElement} element @param {HTMLElement} article */
function mark(element, article) {
  element.dataset.talk = "on";
  for (let up = element.parentElement; up && up !== article; up = up.parentElement) up.dataset.talk = "way";
  article.dataset.talk = "way";
}

/** @param {HTMLElement} article */
function unmark(article) {
  for (const each of [article, .../** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll("[data-talk]"))]) {
    delete each.dataset.talk;
  }
  for (const each of article.querySelectorAll("[data-talk-veil]")) each.removeAttribute("data-talk-veil");
}

/** @param {Node} target */
function isRunning(target) {
  return target instanceof Element && target.matches(".dl-explorable");
}

/** Whether something that is shown would have to be scrolled to the side. @param {HTMLElement} article */
function isCutOff(article) {
  return [...article.querySelectorAll(`${SHOWN} :is(${SCROLLS}), ${SHOWN}:is(${SCROLLS})`)].some(
    (each) =>
      each.scrollWidth > each.clientWidth + 1 &&
      getComputedStyle(each).overflowX !== "visible" &&
      !each.closest("details:not([open])"),
  );
}

/** The step that the reader is at, from 1. @param {readonly Step[]} steps @param {readonly Place[]} places */
function stepInView(steps, places) {
  if (scrollY < READ) return 1;
  const found = steps.findIndex(({ blocks }) =>
    blocks.some((at) => places[at].element.getBoundingClientRect().bottom > READ),
  );
  return found < 0 ? steps.length : found + 1;
}

/** The step that shows an element, or the first in it. @param {Element} target @param {readonly Step[]} steps @param {readonly Place[]} places */
function stepWith(target, steps, places) {
  return steps.findIndex(({ blocks }) =>
    blocks.some((at) => target.contains(places[at].element) || places[at].element.contains(target)),
  );
}

Object.assign(globalThis, { dropoutlabPresent: present });
