// How an explorable begins and ends, when it runs, and in which colours.

import { element } from "./controls.js";

/** @import { Model } from "./controls.js" */

/**
 * What a module gets: the state, the element to fill, and a signal that is aborted when the
 * element goes.
 *
 * @template {object} Traits
 * @typedef {{ model: Model<Traits>, el: HTMLElement, signal: AbortSignal }} Scene
 */

/** @typedef {{ _title?: string, _caption?: string }} Naming In a notebook; a plain page says both. */

/**
 * Make a module's default export from what it does with its model and its element.
 *
 * @template {object} Traits
 * @param {(scene: Scene<Traits>) => void} build Gives the signal to every listener.
 */
export function explorable(build) {
  return {
    /** @param {{ model: Model<Traits & Naming>, el: HTMLElement }} view */
    render({ model, el }) {
      const closing = new AbortController();
      const close = () => closing.abort();
      el.classList.add("dl-out", "dl-live");
      el.addEventListener("focusin", keepKeys, { signal: closing.signal });
      try {
        build({ model, el, signal: closing.signal });
      } catch (error) {
        close();
        throw error;
      }
      const [title, caption] = [model.get("_title"), model.get("_caption")];
      if (title && caption) describeView(el, title, caption);
      return close;
    },
  };
}

/**
 * Name a live view in a notebook, and put its caption below it.
 *
 * @param {HTMLElement} el
 * @param {string} title
 * @param {string} caption
 */
function describeView(el, title, caption) {
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", title);
  el.append(element("p", { class: "dl-caption" }, ...proseParts(caption)));
}

/** The parts of a plain text; what stands between backticks is code. @param {string} text */
export function proseParts(text) {
  return text.split(/`([^`]+)`/).map((part, i) => (i % 2 ? element("code", {}, part) : part));
}

/**
 * The same function, which computes again only when one of its arguments is another one.
 *
 * @template {unknown[]} Arguments
 * @template Result
 * @param {(...args: Arguments) => Result} compute
 */
export function remembered(compute) {
  /** @type {{ args: Arguments, result: Result } | undefined} */
  let last;
  return (/** @type {Arguments} */ ...args) => {
    if (!last?.args.every((arg, i) => Object.is(arg, args[i]))) last = { args, result: compute(...args) };
    return last.result;
  };
}

/** Call a function once, however often it was asked for at a time. @param {() => void} call @param {AbortSignal} signal */
export function onceSoon(call, signal) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      if (!signal.aborted) call();
    });
  };
}

/**
 * The values that some traits have now.
 *
 * @template {object} Traits
 * @template {keyof Traits & string} Name
 * @param {Model<Traits>} model
 * @param {readonly Name[]} names
 */
export function stateOf(model, names) {
  return /** @type {Pick<Traits, Name>} */ (Object.fromEntries(names.map((name) => [name, model.get(name)])));
}

/**
 * Call `frame` once for every frame of the screen while it is wanted and can be seen.
 * Off screen, in a hidden tab and when paused, nothing is scheduled.
 *
 * @param {Element} el What must be on screen.
 * @param {(milliseconds: number) => void} frame Gets the time since the last frame, at most 50.
 * @param {AbortSignal} signal Ends it for good.
 * @returns {{ playing: boolean, play: () => void, pause: () => void }}
 */
export function animation(el, frame, signal) {
  let request = 0;
  let last = 0;
  let visible = false;
  const tick = (/** @type {number} */ now) => {
    request = 0;
    const elapsed = Math.min(now - last, 50);
    last = now;
    frame(elapsed);
    schedule();
  };
  const schedule = () => {
    if (request || !control.playing || !visible || document.hidden || signal.aborted) return;
    request = requestAnimationFrame(tick);
  };
  const wake = () => {
    last = performance.now();
    schedule();
  };
  const control = {
    playing: false,
    play() {
      control.playing = true;
      wake();
    },
    pause() {
      control.playing = false;
      cancelAnimationFrame(request);
      request = 0;
    },
  };
  const observer = new IntersectionObserver(([entry]) => {
    visible = entry.isIntersecting;
    wake();
  });
  observer.observe(el);
  document.addEventListener("visibilitychange", wake, { signal });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    cancelAnimationFrame(request);
  });
  return control;
}

/** Keep JupyterLab's shortcuts away from a control: they would take its arrow keys. @param {FocusEvent} event */
function keepKeys({ target }) {
  if (target instanceof Element) target.setAttribute("data-lm-suppress-shortcuts", "true");
}

/**
 * Call `redraw` whenever the page changes between light and dark.
 *
 * @param {() => void} redraw
 * @param {AbortSignal} signal
 */
export function onScheme(redraw, signal) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", redraw, { signal });
  const observer = new MutationObserver(redraw);
  const options = { attributes: true, attributeFilter: ["data-theme", "class", "data-jp-theme-light"] };
  observer.observe(document.documentElement, options);
  observer.observe(document.body, options);
  signal.addEventListener("abort", () => observer.disconnect());
}

/** Red, green and blue, 0 to 255. @typedef {[number, number, number]} Colour */

/**
 * The colour that a CSS variable has where `el` stands.
 *
 * @param {HTMLElement} el
 * @param {string} name
 * @returns {Colour}
 */
export function colour(el, name) {
  const probe = element("span", { style: `color: var(${name})` });
  el.append(probe);
  const pen = penOf(element("canvas", { width: 1, height: 1 }));
  pen.fillStyle = getComputedStyle(probe).color;
  pen.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** What draws on a canvas. @param {HTMLCanvasElement} canvas */
export function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws on no canvas");
  return pen;
}

/** Whether the reader asked for less motion. */
export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
