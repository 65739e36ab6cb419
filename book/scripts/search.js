// Search by section. The index is a script that is loaded when a reader first searches.
{
  const MOST = 20;

  /** A page in the index: address, number, title, and its sections (anchor, heading, text). @typedef {[string, number | null, string, [string, string, string][]]} Page */
  /** A section, and its title, heading and text in a form to search. @typedef {ReturnType<typeof sectionsOf>[number]} Section */
  /** A section that was found, and what to mark in it. @typedef {Section & { patterns: RegExp[], score: number }} Hit */

  const literal = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const fold = (/** @type {string} */ text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  /** @type {Promise<Section[]> | undefined} */
  let index;
  /** Load the index once, as one list of sections. @param {string} url */
  const load = (url) => {
    index ??= new Promise((resolve, reject) => {
      const take = (/** @type {Page[]} */ pages) => resolve(pages.flatMap(sectionsOf));
      Object.assign(window, { dropoutlabIndex: take });
      const script = document.createElement("script");
      script.src = url;
      script.onerror = () => reject(new Error("The search index could not be loaded."));
      document.head.append(script);
    });
    return index;
  };

  const sectionsOf = (/** @type {Page} */ [url, number, title, sections]) =>
    sections.map(([anchor, heading, text]) => ({
      url,
      number,
      title,
      anchor,
      heading,
      text,
      folded: [title, heading, text].map(fold),
    }));

  /** "dropping" finds "dropped": compare without common endings. @param {string} word */
  const stem = (word) => (word.length > 5 ? word.replace(/(?:(.)\1)?(?:ing|ed|es|s)$/, "$1") : word);

  /**
   * What finds a word, where a text may have a hyphen and the query none, or the other way round.
   *
   * @param {string} word
   */
  const patternOf = (word) => {
    const parts = word.split(/[-‐‑]+/u).filter(Boolean);
    const spelled = parts.map((part) => [...part].map(literal).join("[-‐‑]?"));
    return new RegExp(`(?<![\\p{L}\\p{N}])${spelled.join("[-‐‑\\s]?")}`, "gu");
  };

  /**
   * Rank the sections that hold every word: headings count most, then titles, then text.
   *
   * @param {Section[]} sections
   * @param {string} query
   */
  const find = (sections, query) => {
    const words = fold(query)
      .split(/\s+/)
      .filter((word) => /[^-‐‑]/u.test(word));
    const patterns = words.map(stem).map(patternOf);
    /** @type {Hit[]} */
    const hits = [];
    for (const section of sections) {
      const scores = patterns.map((pattern) => {
        const [inTitle, inHeading, inText] = section.folded.map((text) => (text.match(pattern) ?? []).length);
        return 20 * inHeading + 5 * inTitle + Math.min(inText, 5);
      });
      const score = scores.reduce((sum, points) => sum + points, 0);
      if (scores.length && Math.min(...scores) > 0) hits.push({ ...section, patterns, score });
    }
    return hits.sort((a, b) => b.score - a.score);
  };

  /** Append text with the words that were found marked. @param {Element} element @param {string} text @param {RegExp[]} patterns */
  const appendMarked = (element, text, patterns) => {
    const folded = fold(text);
    // Folding may change a text's length; then nothing can be marked by position.
    const spans =
      folded.length !== text.length
        ? []
        : patterns
            .flatMap((pattern) => [...folded.matchAll(pattern)].map((m) => [m.index, m.index + m[0].length]))
            .sort((a, b) => a[0] - b[0]);
    let at = 0;
    for (const [from, to] of spans) {
      if (from < at) continue;
      element.append(text.slice(at, from));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      element.append(mark);
      at = to;
    }
    element.append(text.slice(at));
  };

  /** The part of a text around the first word that was found. @param {string} text @param {RegExp[]} patterns */
  const excerpt = (text, patterns) => {
    const first = Math.max(0, fold(text).search(new RegExp(patterns[0].source, "u")));
    const from = first < 60 ? 0 : text.indexOf(" ", first - 50) + 1;
    const piece = text.slice(from, from + 150);
    return (from ? "… " : "") + piece + (from + 150 < text.length ? " …" : "");
  };

  /** The search box of every page but its own. @type {HTMLDialogElement | null} */
  const dialog = document.querySelector("dialog.search");

  /** Wire a search box to its list of results. @param {HTMLElement} box */
  const connect = (box) => {
    const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
    const list = /** @type {Element} */ (box.querySelector(".results"));
    const found = /** @type {Element} */ (box.querySelector(".found"));
    const close = () => dialog?.close();
    const root = document.documentElement.dataset.content_root;

    const row = (/** @type {Hit} */ hit) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${root}${hit.url}#${hit.anchor}`;
      const where = document.createElement("strong");
      appendMarked(where, hit.heading || hit.title, hit.patterns);
      const page = document.createElement("small");
      page.textContent = (hit.number === null ? "" : `${hit.number} · `) + hit.title;
      const text = document.createElement("span");
      appendMarked(text, excerpt(hit.text, hit.patterns), hit.patterns);
      link.append(where, page, text);
      link.addEventListener("click", close);
      item.append(link);
      return item;
    };

    const update = async () => {
      const query = input.value.trim();
      if (!query) {
        list.replaceChildren();
        found.textContent = "";
        return;
      }
      try {
        const hits = find(await load(String(box.dataset.index)), query);
        if (query !== input.value.trim()) return; // a later letter was typed meanwhile
        list.replaceChildren(...hits.slice(0, MOST).map(row));
        const more = hits.length > MOST ? `, the best ${MOST} shown` : "";
        found.textContent =
          hits.length === 0
            ? `Nothing found for “${query}”.`
            : `${hits.length} ${hits.length === 1 ? "section" : "sections"}${more}`;
      } catch (error) {
        found.textContent = String(error instanceof Error ? error.message : error);
      }
    };

    input.addEventListener("input", update);
    box.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      list.querySelector("a")?.click();
    });
    box.addEventListener("keydown", (event) => {
      // In a search field browsers take Escape to mean: empty it. Here it closes the dialog.
      if (event.key === "Escape" && dialog?.open) {
        event.preventDefault();
        close();
      }
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (!step) return;
      event.preventDefault();
      const stops = [input, ...list.querySelectorAll("a")];
      const at = /** @type {(Element | null)[]} */ (stops).indexOf(document.activeElement);
      stops[at + step]?.focus();
    });
    return { input, update };
  };

  const { input, update } = connect(dialog ?? /** @type {HTMLElement} */ (document.querySelector("div.search")));

  const open = () => {
    if (dialog && !dialog.open) dialog.showModal();
    input.focus();
    input.select();
  };
  document.querySelector(".search-button")?.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    const fields = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select";
    const typing = event.target instanceof Element && event.target.closest(fields);
    const shortcut = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
    if (!shortcut) return;
    event.preventDefault();
    open();
  });
  if (dialog) {
    dialog.querySelector("button")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  } else {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    if (input.value) update();
    else input.focus();
    input.addEventListener("input", () => {
      history.replaceState(null, "", input.value ? `?q=${encodeURIComponent(input.value)}` : location.pathname);
    });
  }
}
