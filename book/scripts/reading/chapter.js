// A chapter remembers its reader: guesses, answers, sections read. In this browser alone.

import { inTalk, keptOf } from "./kept.js";
import { followPlaces } from "./places.js";
import { followPredictions } from "./predictions.js";
import { followQuizzes } from "./quizzes.js";
import { withEntry } from "./record.js";
import { ownStore } from "./store.js";

const CHANGED = "dl-reading";

/** @param {HTMLElement} article */
function begin(article) {
  const { page = "", chapter = "" } = article.dataset;
  const store = ownStore();
  const kept = keptOf(page, chapter, store, () => document.dispatchEvent(new CustomEvent(CHANGED)));
  const [predictions, quizzes] = [followPredictions(article, kept), followQuizzes(article, kept)];
  const show = () => {
    predictions.show();
    quizzes.show();
    document.dispatchEvent(new CustomEvent(CHANGED));
  };

  const sections = [...article.querySelectorAll(":scope > section > section[id]")];
  const reachedAt = (/** @type {number} */ i) => {
    const heading = sections[i].querySelector("h2");
    const copy = /** @type {Element | undefined} */ (heading?.cloneNode(true));
    for (const each of copy?.querySelectorAll(".katex-mathml, .headerlink") ?? []) each.remove();
    return { name: sections[i].id, at: new Date().toISOString(), title: (copy?.textContent ?? "").trim() };
  };
  followPlaces(sections, {
    ended(i) {
      if (kept.get().sections.some(({ name }) => name === sections[i].id)) return;
      kept.change((before) => ({ sections: withEntry(before.sections, reachedAt(i)) }));
    },
    reached: (i) => kept.change(() => ({ place: reachedAt(i) })),
  });

  addEventListener("storage", ({ key, newValue }) => {
    if (key !== null && key !== store.prefix + page) return;
    if (newValue === null) predictions.drop(); // forgotten in another tab
    show();
  });
  // A page that Back brings alive has missed what happened since.
  addEventListener("pageshow", ({ persisted }) => persisted && show());

  // A talk asks afresh; an answer that was there before comes back when it ends.
  const setAside = () => {
    predictions.setAside();
    quizzes.setAside();
  };
  document.addEventListener("dl-talk-begins", setAside);
  document.addEventListener("dl-talk-ends", show);

  const yours = /** @type {HTMLElement | null} */ (document.querySelector(".yours"));
  if (yours) {
    const draw = () => /** @type {any} */ (globalThis).dropoutlabYours(yours, article, kept.get());
    loadNear(yours, () => {
      document.addEventListener(CHANGED, draw);
      draw();
    });
  }
  show();
  if (inTalk()) setAside();
}

/** Load a script when its element comes near: no module, which a page from disk may not load. @param {HTMLElement} element @param {() => void} then */
function loadNear(element, then) {
  const near = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      near.disconnect();
      const script = document.createElement("script");
      script.src = String(element.dataset.script);
      script.onload = then;
      document.head.append(script);
    },
    { rootMargin: "1500px" },
  );
  near.observe(element);
}

const article = /** @type {HTMLElement | null} */ (document.querySelector(".bd-article[data-page]"));
if (article) begin(article);
