// A figure with a control for each argument of the Python function that draws it. A kernel
// draws it anew; without one, images of all settings lie beside the page.

import { choice, element, onChange, slider } from "../shared/controls.js";
import { colour, explorable, onScheme } from "../shared/lifecycle.js";

const PATIENCE = 5000; // milliseconds until we say that a kernel does not answer
const SETTLED = 400; // milliseconds without a move until the figure is read out

/** The place of a position in the list of all; the last control moves fastest. */
export function indexOf(at, sizes) {
  return at.reduce((index, place, i) => index * sizes[i] + place, 0);
}

/** The positions that one step of one control leads to. */
export function neighbours(at, sizes) {
  return at.flatMap((place, i) =>
    [place - 1, place + 1]
      .filter((to) => to >= 0 && to < sizes[i])
      .map((to) => at.map((other, j) => (j === i ? to : other))),
  );
}

const same = (at, other) => at.every((place, i) => place === other[i]);

/** The part of the model that one control moves: its place in `at`. */
function entry(model, i) {
  return {
    get: () => model.get("at")[i],
    set: (_, value) =>
      model.set(
        "at",
        model.get("at").map((place, j) => (j === i ? Number(value) : place)),
      ),
    on: (_, listener) => model.on("change:at", listener),
    off: (_, listener) => model.off("change:at", listener),
    save_changes: () => model.save_changes(),
  };
}

/** Show what the kernel drew last, and say so where that is not what was asked for. */
function fromKernel({ model, signal, show, say, words }) {
  let patience;
  const wait = () => {
    clearTimeout(patience);
    if (same(model.get("frame").at, model.get("at"))) return;
    patience = setTimeout(() => {
      say(
        `The kernel does not answer: it is busy, or it was restarted. The figure still shows ${words(model.get("frame").shows)}.`,
      );
    }, PATIENCE);
  };
  let shown;
  const arrived = () => {
    const { svg, alt, shows, problem } = model.get("frame");
    if (svg !== shown) {
      const holder = element("div");
      holder.innerHTML = svg;
      show(holder.firstElementChild, alt);
      shown = svg;
    }
    say(problem && `${problem}. The figure still shows ${words(shows)}.`);
    wait();
  };
  onChange(model, ["frame"], arrived, signal);
  onChange(model, ["at"], wait, signal);
  signal.addEventListener("abort", () => clearTimeout(patience));
  arrived();
}

/** Load the image of the chosen setting, and those that one step leads to. */
function fromFiles({ model, el, signal, sizes, show, say, words }) {
  const start = model.get("at");
  const ahead = new Map();
  let shows = start;
  let asked = 0;
  let arrived = 0;
  const address = (at) => model.get("frames")[indexOf(at, sizes)];
  const load = (at) => {
    const isDark = colour(el, "--dl-ink").reduce((sum, channel) => sum + channel) > 384;
    const image = new Image();
    image.src = address(at) + (isDark ? "#dark" : "");
    return image;
  };
  const lookAhead = () => {
    for (const at of neighbours(model.get("at"), sizes)) {
      if (address(at) && !ahead.has(address(at))) ahead.set(address(at), load(at));
    }
  };
  const choose = () => {
    const at = model.get("at");
    const turn = ++asked;
    const alt = model.get("alts")[indexOf(at, sizes)];
    const turnsUp = (image) => {
      if (turn < arrived) return;
      [arrived, shows] = [turn, at];
      // The first figure stands in the page.
      el.classList.toggle("dl-first", image === null);
      show(image, alt);
      if (turn === asked) say("");
      lookAhead();
    };
    if (!address(at)) {
      turnsUp(null);
      return;
    }
    const image = load(at);
    image.alt = alt;
    image.addEventListener("load", () => turnsUp(image), { signal });
    image.addEventListener(
      "error",
      () => {
        if (turn === asked) say(`The figure for ${words(at)} could not be loaded. Above still stands ${words(shows)}.`);
      },
      { signal },
    );
  };
  el.classList.add("dl-first");
  onChange(model, ["at"], choose, signal);
  onScheme(choose, signal);
  for (const reach of ["pointerover", "focusin"]) el.addEventListener(reach, lookAhead, { once: true, signal });
}

export default explorable(({ model, el, signal }) => {
  const controls = model.get("controls");
  const sizes = controls.map(({ values }) => values.length);
  const words = (at) => controls.map(({ label, values }, i) => `${label} ${values[at[i]]}`).join(", ");

  const picture = element("div", { class: "dl-frame" });
  const note = element("p", { class: "dl-note", role: "status" });
  const spoken = element("p", { class: "dl-spoken", role: "status" });
  const bound = controls.map(({ label, kind, values }, i) =>
    kind === "slider"
      ? slider(
          entry(model, i),
          "at",
          { label, min: 0, max: values.length - 1, step: 1, format: (place) => values[place] },
          signal,
        )
      : choice(entry(model, i), "at", { label, options: { ...values } }, signal),
  );
  el.classList.add("dl-explore");
  el.append(picture, element("div", { class: "dl-controls" }, ...bound), note, spoken);

  let settled;
  let said = model.get("frames") ? model.get("alts")[indexOf(model.get("at"), sizes)] : model.get("frame").alt;
  const show = (figure, alt) => {
    picture.replaceChildren(...(figure ? [figure] : []));
    if (alt === said) return;
    said = alt;
    clearTimeout(settled);
    settled = setTimeout(() => {
      spoken.textContent = alt;
    }, SETTLED);
  };
  const say = (text) => {
    if (note.textContent !== text) note.textContent = text;
  };
  signal.addEventListener("abort", () => clearTimeout(settled));
  const scene = { model, el, signal, sizes, show, say, words };
  if (model.get("frames")) fromFiles(scene);
  else fromKernel(scene);
});
