// Runs an explorable's module on a plain page, with no kernel behind it. The module comes as
// text, because a page that was opened from disk may not load modules from files.
// Of several figures on a page the first brings it along: book/dropoutlab_book/once.py.
/** @type {any} */ (globalThis).dropoutlabHost ??= (/** @type {HTMLElement} */ figure) => {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (figure.querySelector(name));
  const live = part(".dl-live");
  /** @type {HTMLElement | null} */
  const prediction = figure.closest("[data-prediction]");

  /** The part of anywidget's model that needs no kernel. */
  class Model {
    #state;
    /** @type {Map<string, Set<() => void>>} */
    #listeners = new Map();

    /** @param {Record<string, unknown>} state */
    constructor(state) {
      this.#state = state;
    }

    /** @param {string} name */
    get(name) {
      return this.#state[name];
    }

    /** @param {string} name @param {unknown} value */
    set(name, value) {
      if (Object.is(this.#state[name], value)) return;
      this.#state[name] = value;
      for (const listener of [...(this.#listeners.get(`change:${name}`) ?? [])]) listener();
    }

    /** @param {string} event @param {() => void} listener */
    on(event, listener) {
      const listeners = this.#listeners.get(event) ?? new Set();
      this.#listeners.set(event, listeners.add(listener));
    }

    /** @param {string} event @param {() => void} listener */
    off(event, listener) {
      this.#listeners.get(event)?.delete(listener);
    }

    save_changes() {}
  }

  /** Clean up when the figure leaves the page. @param {() => void} cleanUp */
  const whenGone = (cleanUp) => {
    const observer = new MutationObserver(() => {
      if (figure.isConnected) return;
      observer.disconnect();
      cleanUp();
    });
    observer.observe(document, { childList: true, subtree: true });
  };

  /** The text of the module: of several figures with the same, the first brings it along. */
  const source = () => {
    const { of } = part(".dl-module").dataset;
    const all = [part(".dl-module"), ...document.querySelectorAll(`.dl-module[data-of="${of}"]`)];
    return all.map((each) => each.textContent ?? "").find((text) => text) ?? "";
  };

  const state = JSON.parse(part(".dl-state").textContent);
  /** @type {Model | undefined} */
  let model;

  const start = async () => {
    const module = new Blob([source()], { type: "text/javascript" });
    const address = URL.createObjectURL(module);
    try {
      const { default: explorable } = await import(address);
      live.hidden = false;
      model = new Model(state);
      whenGone(await explorable.render({ model, el: live }));
      figure.dataset.state = "live";
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      figure.dataset.state = "failed";
      if (prediction) prediction.dataset.state = "shown"; // nothing may stay veiled
      live.hidden = false;
      live.textContent = `The interactive part could not start (${reason}). The picture above stands for it.`;
      live.setAttribute("role", "status");
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  // What was kept of an earlier visit: the traits, by name.
  prediction?.addEventListener("dl-restore", (event) => {
    const kept = /** @type {CustomEvent<Record<string, unknown>>} */ (event).detail;
    if (!model) Object.assign(state, kept);
    else for (const [name, value] of Object.entries(kept)) model.set(name, value);
    prediction.dataset.state = state.stage;
  });

  const nearby = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      nearby.disconnect();
      start();
    },
    { rootMargin: "200px" },
  );
  nearby.observe(figure);
};
/** @type {any} */ (globalThis).dropoutlabHost(document.currentScript?.parentElement);
