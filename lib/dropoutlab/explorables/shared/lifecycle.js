// How an explorable begins and ends, when it runs, and in which colours.

import { element } from "./controls.js";

/**
 * Make a module's default export from what it does with its model and its element.
 *
 * @param {(scene: { model: object, el: HTMLElement, signal: AbortSignal }) => void} build
 *   Fills `el`, and gives `signal` to every listener: it is aborted when the element goes.
 */
export function explorable(build) {
  return {
    render({ model, el }) {
      const closing = new AbortController();
      el.classList.add("dl-out", "dl-live");
      el.addEventListener("focusin", keepKeys, { signal: closing.signal });
      build({ model, el, signal: closing.signal });
      if (model.get("_caption")) describeView({ model, el }); // on a plain page the figure says both
      return () => closing.abort();
    },
  };
}

/** Name a live view in a notebook, and put its caption below it. */
function describeView({ model, el }) {
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", model.get("_title"));
  el.append(element("p", { class: "dl-caption" }, ...proseParts(model.get("_caption"))));
}

/** The parts of a plain text; what stands between backticks is code. */
export function proseParts(text) {
  return text.split(/`([^`]+)`/).map((part, i) => (i % 2 ? element("code", {}, part) : part));
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
  const tick = (now) => {
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

/** Keep JupyterLab's shortcuts away from a control: they would take its arrow keys. */
function keepKeys(event) {
  event.target.setAttribute("data-lm-suppress-shortcuts", "true");
}

/** Call `redraw` whenever the page changes between light and dark. */
export function onScheme(redraw, signal) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", redraw, { signal });
  const observer = new MutationObserver(redraw);
  const options = { attributes: true, attributeFilter: ["data-theme", "class", "data-jp-theme-light"] };
  observer.observe(document.documentElement, options);
  observer.observe(document.body, options);
  signal.addEventListener("abort", () => observer.disconnect());
}

/** Return the colour that a CSS variable has where `el` stands, as [red, green, blue]. */
export function colour(el, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  el.append(probe);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d");
  pen.fillStyle = getComputedStyle(probe).color;
  pen.fillRect(0, 0, 1, 1);
  probe.remove();
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** Whether the reader asked for less motion. */
export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
