// A curve to draw: on the empty axes of the figure that follows, with pointer, finger or keys.

import { assign, button, element, place } from "../explorables/shared/controls.js";
import { CurveChart } from "./curve_chart.js";
import { countInside, distance, farthest } from "./gaps.js";
import { followHand } from "./hand.js";
import { sample } from "./marks.js";
import { stepped, widthOf, within } from "./steps.js";
import { capital, listed, rounded, written } from "./words.js";

/** @import { Scene } from "../explorables/shared/lifecycle.js" */
/** @import { Curve, CurveDetails, CurveGuess, CurvePrompt } from "./curve_chart.js" */
/** @import { Part, Traits } from "./frame.js" */

/**
 * A guess beside what was measured, at the places that were to be drawn.
 *
 * @param {CurveDetails} prompt
 * @param {CurveGuess} guess
 */
function besideMeasured({ curves, places, given, y, about }, guess) {
  const made = curves.map(({ label }) =>
    places.map((_, i) => (given.includes(i) ? null : (guess[label]?.[i] ?? null))),
  );
  const measured = curves.map((curve) => places.map((k) => curve.measured[k]));
  const log = Boolean(y.log);
  const asked = made.map((values, c) => (about === curves[c].label ? values : []));
  return { made, measured, log, worst: farthest(asked, measured, log) ?? farthest(made, measured, log) };
}

const PEN = 0.02; // of the axis: so near to a line a hand can draw

/**
 * The comparison in words: where the guess is farthest off, and how much of it lies inside.
 *
 * @param {CurveDetails} prompt
 * @param {CurveGuess} guess
 */
export function describeCurves(prompt, guess) {
  const { curves, names, writing, basis, y } = prompt;
  const { made, measured, log, worst } = besideMeasured(prompt, guess);
  if (!worst) return "";
  const { curve, place: i } = worst;
  const whose = curves.length > 1 ? `${capital(curves[curve].label)}: at` : "At";
  const expected = written(/** @type {number} */ (made[curve][i]), writing);
  const gap = `${whose} ${names[i]} you expected ${expected}; measured ${curves[curve].words[i]}.`;
  const where = made.flatMap((values, c) => {
    const { inside, of } = countInside(values, measured[c], PEN * distance(y.ends[0], y.ends[1], log), log);
    return of ? [`${inside} of ${of}${curves.length > 1 ? ` (${curves[c].label})` : ""}`] : [];
  });
  const inside = basis ? ` Inside the interval, or a pen's width from it: ${listed(where)} places.` : "";
  const on = curves[curve].label === prompt.about ? " on this curve" : "";
  return `${gap} It is your largest miss${on}${log ? ", as a factor" : ""}.${inside}`;
}

/**
 * @param {Scene<Traits<CurveGuess>>} scene
 * @returns {Part<CurveGuess>}
 */
export function curvePart({ model, el, signal }) {
  const prompt = /** @type {CurvePrompt} */ (model.get("prompt"));
  const { curves, places, given, writing, y, basis } = prompt;
  const nPlaces = places.length;
  const free = places.flatMap((_, i) => (given.includes(i) ? [] : [i]));
  const enough = Math.min(free.length, Math.max(2, Math.ceil(free.length / 3)));
  const stage = element("div", { class: "dl-canvas" });
  let current = 0;
  const held = curves.map(() => free[0]);
  /** @type {(number | null)[][]} */
  let drawn = [];
  let view = new CurveChart(prompt, widthOf(el) || 340);
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
    if (open) view.answer.replaceChildren();
    else view.drawAnswer(model.get("stage") === "compared" ? largestGap() : undefined);
    clear.disabled = !open || model.get("guess") === null;
  };
  const draw = () => {
    read();
    paint();
  };
  const largestGap = () => {
    const { made, measured, worst } = besideMeasured(prompt, model.get("guess") ?? {});
    if (!worst) return undefined;
    const { curve, place: i } = worst;
    return { x: view.places[i], from: /** @type {number} */ (made[curve][i]), to: measured[curve][i][0] };
  };
  /** Set what a hand drew. @param {(number | null)[]} heights In pixels. */
  const set = (heights) => {
    const changed = free.filter((i) => {
      const height = heights[i];
      if (height === null) return false;
      const value = rounded(within(view.chart.scales.y.value(height), y.ends), writing);
      held[current] = i;
      if (drawn[current][i] === value) return false;
      drawn[current][i] = value;
      return true;
    });
    view.drawGuess(drawn, current, held, true, changed);
  };
  const fit = () => {
    const width = widthOf(stage);
    if (!width || width === view.chart.width) return;
    const focused = view.handles.flat().indexOf(/** @type {SVGGElement} */ (view.guess.querySelector(":focus")));
    view = new CurveChart(prompt, width);
    stage.replaceChildren(view.chart.drawing);
    paint(); // not from the model: a stroke may be under way
    view.handles.flat()[focused]?.focus();
  };

  const clear = button(
    "Clear",
    () => {
      for (const values of drawn) values.fill(null);
      current = 0;
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
      done: () => {
        const full = free.filter((i) => drawn[current][i] !== null).length > 0.7 * free.length;
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
      drawn[c][i] = value;
      held[c] = i;
      keep();
    } else return;
    event.preventDefault();
  };
  stage.addEventListener("keydown", obey, { signal });
  const watching = new ResizeObserver(fit);
  watching.observe(stage);
  signal.addEventListener("abort", () => watching.disconnect());

  const several = curves.length > 1 ? "each curve" : "the curve";
  return {
    view: element("div", { class: "dl-drawing" }, ...(picker ? [picker.view] : []), stage),
    help: `Draw ${several} from left to right.`,
    keys: " Keys: ← → choose a place, ↑ ↓ move it, space sets it.",
    missing: () => curves.filter((_, c) => free.filter((i) => drawn[c][i] !== null).length < enough),
    hollow: "Hollow: your guess.",
    legend: `Full: measured${basis && `, with intervals (${basis})`}.`,
    more: [clear],
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
