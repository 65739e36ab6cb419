// A curve to draw: on the empty axes of the figure that follows, with pointer, finger or keys.

import { Chart } from "../explorables/shared/chart.js";
import { assign, button, element, place, svg } from "../explorables/shared/controls.js";
import { countInside, farthest } from "./gaps.js";
import { ink, mark, sample } from "./marks.js";
import { stepped, within } from "./steps.js";
import { nearest, passed } from "./strokes.js";
import { capital, listed, rounded, written } from "./words.js";

/** @import { Axis } from "../explorables/shared/chart.js" */
/** @import { Model } from "../explorables/shared/controls.js" */
/** @import { Scene } from "../explorables/shared/lifecycle.js" */
/** @import { Part, Prompt, Traits } from "./frame.js" */
/** @import { Measure } from "./gaps.js" */
/** @import { Look } from "./marks.js" */
/** @import { Spot } from "./strokes.js" */
/** @import { Writing } from "./words.js" */

/**
 * A curve: its `measured` values stand at all x, `words` says those at the places to draw.
 *
 * @typedef {{ label: string, look: Look, measured: Measure[], words: string[] }} Curve
 */

/**
 * @typedef {object} CurveDetails
 * @property {Axis & { name: string }} x
 * @property {Axis & { name: string }} y
 * @property {number[]} at All x.
 * @property {number[]} places Which of them are places to draw, as indices.
 * @property {string[]} names What each place is called: p = 0.9.
 * @property {number[]} given Which of the places are known from the start, as indices of places.
 * @property {Record<string, number>} lines Horizontal ones that are known, by their names.
 * @property {Curve[]} curves
 * @property {Writing} writing
 * @property {string} alt What the figure shows.
 * @property {string} basis What the intervals rest on; empty where there are none.
 */

/** A value for each place, by the label of the curve. @typedef {Record<string, (number | null)[]>} CurveGuess */

/** @typedef {Prompt & CurveDetails} CurvePrompt */

const BARS = 13; // up to so many x, intervals are bars; then a band

/**
 * The comparison in words: where the guess is farthest off, and how much of it lies inside.
 *
 * @param {CurveDetails} prompt
 * @param {CurveGuess} guess
 */
export function describeCurves({ curves, places, given, names, y, writing, basis }, guess) {
  const made = curves.map(({ label }) =>
    places.map((_, i) => (given.includes(i) ? null : (guess[label]?.[i] ?? null))),
  );
  const measured = curves.map((curve) => places.map((k) => curve.measured[k]));
  const worst = farthest(made, measured, Boolean(y.log));
  if (!worst) return "";
  const { curve, place: i } = worst;
  const whose = curves.length > 1 ? `${capital(curves[curve].label)}: at` : "At";
  const expected = written(/** @type {number} */ (made[curve][i]), writing);
  const gap = `${whose} ${names[i]} you expected ${expected}; measured ${curves[curve].words[i]}.`;
  const counts = made.flatMap((values, c) => {
    const { inside, of } = countInside(values, measured[c]);
    return of ? [`${curves.length > 1 ? `${curves[c].label} at ` : "at "}${inside} of ${of}`] : [];
  });
  const inside = basis ? ` Inside the measured interval: ${listed(counts)} places.` : "";
  return `${gap} Nowhere is the difference larger.${inside}`;
}

/** Draws the prompt, the guess and the answer at one width. */
class CurveChart {
  /** @param {CurvePrompt} prompt @param {number} width */
  constructor(prompt, width) {
    this.prompt = prompt;
    const { x, y, question } = prompt;
    const height = Math.round(within(width / 2, [280, 340]));
    const names = { xName: x.name, yName: y.name, label: question };
    this.chart = new Chart({ ...names, width, height, room: 12, above: true });
    this.chart.scale({ x, y });
    this.lines = svg("g");
    this.answer = svg("g", { class: "dl-answer" });
    this.guess = svg("g", { class: "dl-guess" });
    this.chart.inside.append(this.lines);
    this.chart.drawing.append(this.answer, this.guess);
    /** Where the places stand, in pixels. */
    this.places = prompt.places.map((k) => this.chart.x(prompt.at[k]));
    this.drawKnown();
    this.handles = prompt.curves.map((curve) => this.places.map((_, i) => this.makeHandle(curve, i)));
    this.guess.append(...this.handles.flat());
  }

  drawKnown() {
    const { lines, given, places, curves } = this.prompt;
    const { left, right } = this.chart.box;
    for (const [name, value] of Object.entries(lines)) {
      const y = this.chart.y(value);
      this.lines.append(
        svg("path", { class: "dl-known", d: `M${left} ${y}H${right}` }),
        svg("text", { class: "dl-axis-name", x: right - 6, y: y - 6, "text-anchor": "end" }, name),
      );
    }
    for (const { look, measured } of curves) {
      for (const i of given) {
        const value = measured[places[i]][0];
        this.chart.drawing.append(mark(look, this.places[i], this.chart.y(value), "full"));
      }
    }
  }

  /** A slider at a place of a curve, for keys. @param {Curve} curve @param {number} i */
  makeHandle({ label, look }, i) {
    const { names, y, given } = this.prompt;
    const reach = svg("circle", { class: "dl-reach", r: 12 });
    const ring = mark(look, 0, 0, "hollow");
    return svg(
      "g",
      given.includes(i)
        ? { "aria-hidden": "true" }
        : {
            role: "slider",
            "aria-orientation": "vertical",
            "aria-label": label ? `${label}, ${names[i]}` : names[i],
            "aria-valuemin": y.ends[0],
            "aria-valuemax": y.ends[1],
          },
      reach,
      ring,
    );
  }

  /**
   * The value of a place: what was drawn, else what would be the start for keys.
   *
   * @param {(number | null)[]} values
   * @param {number} i
   */
  standing(values, i) {
    const drawn = values.flatMap((value, k) => (value === null ? [] : [{ value, far: Math.abs(k - i) }]));
    const near = drawn.reduce((best, each) => (each.far < best.far ? each : best), { value: NaN, far: Infinity });
    const [low, high] = this.prompt.y.ends;
    return Number.isNaN(near.value)
      ? this.chart.scales.y.value((this.chart.y(low) + this.chart.y(high)) / 2)
      : near.value;
  }

  /**
   * @param {(number | null)[][]} drawn
   * @param {number} current The curve that is being drawn.
   * @param {number[]} held The place of each curve that a key would move.
   * @param {boolean} open
   */
  drawGuess(drawn, current, held, open) {
    const { curves, writing, given } = this.prompt;
    for (const line of this.guess.querySelectorAll(".dl-line")) line.remove();
    curves.forEach(({ look }, c) => {
      const values = drawn[c];
      const points = values.flatMap((value, i) => (value === null ? [] : [[this.places[i], this.chart.y(value)]]));
      const d = points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
      this.guess.prepend(svg("path", { class: "dl-line", d, style: ink(look.color), "stroke-dasharray": look.dash }));
      this.handles[c].forEach((handle, i) => {
        if (given.includes(i)) return;
        const value = this.standing(values, i);
        place(handle, {
          transform: `translate(${this.places[i].toFixed(1)} ${this.chart.y(value).toFixed(1)})`,
          class: `dl-handle${values[i] === null ? " dl-blank" : ""}${open && c !== current ? " dl-other" : ""}`,
          "aria-valuenow": rounded(value, writing),
          "aria-valuetext": values[i] === null ? "nothing drawn yet" : written(value, writing),
          "aria-disabled": !open,
          tabindex: open && i === held[c] ? 0 : -1,
        });
      });
    });
    this.guess.classList.toggle("dl-done", !open);
  }

  /** Draw what was measured, and the largest difference. @param {{ x: number, from: number, to: number } | undefined} gap */
  drawAnswer(gap) {
    const { curves, at, basis, places } = this.prompt;
    const { chart } = this;
    const shapes = curves.flatMap(({ look, measured }) => {
      const band = [
        ...measured.map(([, low], k) => [at[k], low]),
        ...measured.map(([, , high], k) => [at[k], high]).reverse(),
      ];
      const d = chart.path(measured.map(([middle], k) => [at[k], middle]));
      const line = svg("path", { class: "dl-line", d, style: ink(look.color), "stroke-dasharray": look.dash });
      const bars = at.map((x, k) => chart.path([1, 2].map((end) => [x, measured[k][end]]))).join("");
      const spread =
        at.length > BARS
          ? svg("path", { class: "dl-band", d: `${chart.path(band)}Z`, style: ink(look.color) })
          : svg("path", { class: "dl-bars", d: bars, style: ink(look.color) });
      const marks = places.map((k) => mark(look, chart.x(at[k]), chart.y(measured[k][0]), "full"));
      return [...(basis ? [spread] : []), line, ...marks];
    });
    const worst =
      gap &&
      svg("path", {
        class: "dl-gap",
        d: `M${gap.x.toFixed(1)} ${chart.y(gap.from).toFixed(1)}V${chart.y(gap.to).toFixed(1)}`,
      });
    const inside = svg(
      "svg",
      Object.fromEntries(
        ["x", "y", "width", "height", "viewBox"].map((name) => [name, chart.inside.getAttribute(name) ?? ""]),
      ),
    );
    inside.append(...shapes);
    this.answer.replaceChildren(inside, ...(worst ? [worst] : []));
  }
}

/**
 * @param {Scene<Traits<CurveGuess>>} scene
 * @returns {Part<CurveGuess>}
 */
export function curvePart({ model, signal }) {
  const prompt = /** @type {CurvePrompt} */ (model.get("prompt"));
  const { curves, places, given, writing, y, basis } = prompt;
  const nPlaces = places.length;
  const free = places.flatMap((_, i) => (given.includes(i) ? [] : [i]));
  const stage = element("div", { class: "dl-canvas" });
  let current = 0;
  const held = curves.map(() => free[0]);
  /** @type {(number | null)[][]} */
  let drawn = [];
  let view = new CurveChart(prompt, 340);
  stage.append(view.chart.drawing);

  const isOpen = () => model.get("stage") === "open";
  const read = () => {
    const guess = model.get("guess") ?? {};
    drawn = curves.map(({ label, measured }) =>
      places.map((k, i) => (given.includes(i) ? measured[k][0] : (guess[label]?.[i] ?? null))),
    );
  };
  const keep = () => {
    const made = curves.map(({ label }, c) => [label, drawn[c].map((value, i) => (given.includes(i) ? null : value))]);
    const some = drawn.some((values) => free.some((i) => values[i] !== null));
    assign(model, "guess", some ? Object.fromEntries(made) : null);
  };

  const picker = curves.length > 1 ? makePicker(curves, (c) => choose(c), signal) : undefined;
  const choose = (/** @type {number} */ c) => {
    current = c;
    render();
  };
  const render = () => {
    picker?.show(current, isOpen());
    view.drawGuess(drawn, current, held, isOpen());
  };
  const paint = () => {
    render();
    const open = isOpen();
    place(view.chart.drawing, { "aria-label": open ? `Place to draw: ${prompt.question}` : prompt.alt });
    stage.classList.toggle("dl-open", open);
    if (open) view.answer.replaceChildren();
    else view.drawAnswer(model.get("stage") === "compared" ? largestGap() : undefined);
    clear.disabled = !open || model.get("guess") === null;
  };
  const draw = () => {
    read();
    paint();
  };
  const largestGap = () => {
    const made = drawn.map((values) => values.map((value, i) => (given.includes(i) ? null : value)));
    const measured = curves.map((curve) => places.map((k) => curve.measured[k]));
    const worst = farthest(made, measured, Boolean(y.log));
    if (!worst) return undefined;
    const { curve, place: i } = worst;
    return { x: view.places[i], from: /** @type {number} */ (made[curve][i]), to: measured[curve][i][0] };
  };
  /** Set what a hand drew. @param {[number, number][]} values Places, and heights in pixels. */
  const set = (values) => {
    for (const [i, height] of values) {
      if (given.includes(i)) continue;
      drawn[current][i] = rounded(within(view.chart.scales.y.value(height), y.ends), writing);
      held[current] = i;
    }
  };
  const fit = () => {
    const width = Math.round(within(stage.clientWidth, [260, 760]));
    if (!stage.clientWidth || width === view.chart.width) return;
    const focused = view.handles.flat().indexOf(/** @type {SVGGElement} */ (view.guess.querySelector(":focus")));
    view = new CurveChart(prompt, width);
    stage.replaceChildren(view.chart.drawing);
    paint(); // not from the model: a stroke may be under way
    view.handles.flat()[focused]?.focus();
  };

  const clear = button(
    "Clear",
    () => {
      drawn[current].fill(null);
      keep();
    },
    signal,
  );
  followHand(
    stage,
    () => view,
    {
      isOpen,
      set,
      render,
      done: () => {
        const full = free.every((i) => drawn[current][i] !== null);
        const next = drawn.findIndex((values) => free.every((i) => values[i] === null));
        keep();
        if (full && next >= 0) choose(next);
      },
    },
    signal,
  );

  /** @param {KeyboardEvent} event */
  const obey = (event) => {
    const at = view.handles.flat().indexOf(/** @type {SVGGElement} */ (event.target));
    if (at < 0 || !isOpen()) return;
    const [c, i] = [Math.floor(at / nPlaces), at % nPlaces];
    const where = free.indexOf(i);
    /** @type {Record<string, number | undefined>} */
    const moves = { ArrowLeft: where - 1, ArrowRight: where + 1, Home: 0, End: free.length - 1 };
    const to = moves[event.key];
    const value = stepped(event.key, view.standing(drawn[c], i), view.chart.scales.y, y.ends, writing);
    if (to !== undefined) {
      held[c] = free[within(to, [0, free.length - 1])];
      current = c;
      render();
      view.handles[c][held[c]].focus();
    } else if (value !== undefined) {
      current = c;
      // The first press takes the value that the handle stands at.
      drawn[c][i] = drawn[c][i] === null ? rounded(view.standing(drawn[c], i), writing) : value;
      held[c] = i;
      keep();
    } else return;
    event.preventDefault();
  };
  stage.addEventListener("keydown", obey, { signal });
  const watching = new ResizeObserver(fit);
  watching.observe(stage);
  signal.addEventListener("abort", () => watching.disconnect());

  const bar = element("div", { class: "dl-bar" }, ...(picker ? [picker.view] : []), clear);
  const several = curves.length > 1 ? "each curve" : "the curve you expect";
  return {
    view: element("div", { class: "dl-drawing" }, bar, stage),
    help: `Draw ${several} from left to right. With keys: left and right choose a place, up and down move it.`,
    legend: `Hollow: your guess. Full: measured${basis && `, with intervals (${basis})`}.`,
    draw,
    compare: (guess) => describeCurves(prompt, guess),
    answer: "The measured curves are shown.",
  };
}

/**
 * Buttons that choose which curve is drawn; with the answer they are its legend.
 *
 * @param {Curve[]} curves
 * @param {(curve: number) => void} choose
 * @param {AbortSignal} signal
 */
function makePicker(curves, choose, signal) {
  const buttons = curves.map(({ label, look }, c) => {
    const made = button("", () => choose(c), signal);
    made.append(sample(look), label);
    return made;
  });
  const view = element("div", { class: "dl-picker", role: "group", "aria-label": "Which curve to draw" }, ...buttons);
  const show = (/** @type {number} */ current, /** @type {boolean} */ open) => {
    buttons.forEach((each, c) => {
      place(each, { "aria-pressed": open && c === current });
      each.disabled = !open;
    });
  };
  return { view, show };
}

/**
 * A stroke follows the pointer, from a press to its end.
 *
 * @param {HTMLElement} stage
 * @param {() => CurveChart} view
 * @param {{ isOpen: () => boolean, set: (values: [number, number][]) => void, render: () => void, done: () => void }} does
 * @param {AbortSignal} signal
 */
function followHand(stage, view, { isOpen, set, render, done }, signal) {
  /** @type {Spot | undefined} */
  let last;
  let pointer = -1;
  let width = 0;
  const spotOf = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const { chart } = view();
    const box = chart.drawing.getBoundingClientRect();
    const scale = chart.width / box.width;
    return /** @type {const} */ ([(clientX - box.left) * scale, (clientY - box.top) * scale]);
  };
  const end = (/** @type {Spot} */ [x, y]) => set([[nearest(view().places, x), y]]);
  stage.addEventListener(
    "pointerdown",
    (event) => {
      if (!isOpen() || last || event.button !== 0) return;
      pointer = event.pointerId;
      width = view().chart.width;
      stage.setPointerCapture(pointer);
      last = spotOf(event);
      end(last);
      render();
    },
    { signal },
  );
  stage.addEventListener(
    "pointermove",
    (event) => {
      if (!last || event.pointerId !== pointer || !isOpen()) return;
      const now = spotOf(event);
      // After a change of size the old point lies elsewhere.
      if (width === view().chart.width) set(passed(view().places, last, now));
      width = view().chart.width;
      last = now;
      render();
    },
    { signal },
  );
  const release = (/** @type {PointerEvent} */ event) => {
    if (!last || event.pointerId !== pointer) return;
    if (event.type === "pointerup") end(spotOf(event));
    last = undefined;
    done();
  };
  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    stage.addEventListener(type, release, { signal });
  }
}
