// Runs an explorable's module on a plain page, with no kernel behind it. The module comes as
// text, because a page that was opened from disk may not load modules from files.
{
  const figure = document.currentScript.parentElement;
  const picture = figure.querySelector(".dl-picture");
  const live = figure.querySelector(".dl-live");
  const text = (name) => figure.querySelector(name).textContent;

  /** The part of anywidget's model that needs no kernel. */
  class Model {
    #state;
    #listeners = new Map();

    constructor(state) {
      this.#state = state;
    }

    get(name) {
      return this.#state[name];
    }

    set(name, value) {
      if (Object.is(this.#state[name], value)) return;
      this.#state[name] = value;
      for (const listener of [...(this.#listeners.get(`change:${name}`) ?? [])]) listener();
    }

    on(event, listener) {
      if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
      this.#listeners.get(event).add(listener);
    }

    off(event, listener) {
      this.#listeners.get(event)?.delete(listener);
    }

    save_changes() {}
  }

  const start = async () => {
    const address = URL.createObjectURL(new Blob([text(".dl-module")], { type: "text/javascript" }));
    try {
      const { default: explorable } = await import(address);
      live.hidden = false;
      await explorable.render({ model: new Model(JSON.parse(text(".dl-state"))), el: live });
      figure.dataset.state = "live";
    } catch (error) {
      figure.dataset.state = "failed";
      live.hidden = false;
      live.textContent = `The interactive part could not start (${error.message}). The picture above stands for it.`;
      live.setAttribute("role", "status");
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  const nearby = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      nearby.disconnect();
      start();
    },
    { rootMargin: "200px" },
  );
  nearby.observe(figure);
}
