// Overfit it yourself: points to move, a polynomial to fit them, and what it costs elsewhere.

import { clamp } from "../shared/chart.js";
import { assign, button, element, onChange, slider } from "../shared/controls.js";
import { explorable, stateOf } from "../shared/lifecycle.js";
import { Random } from "../shared/random.js";
import { evaluate, fitPolynomial } from "./least_squares.js";
import { CostsView, FittingView, GRID, HIGH, LOW, MAX_DEGREE } from "./overfit_drawings.js";

/** @import { Model } from "../shared/controls.js" */
/** @import { Scene } from "../shared/lifecycle.js" */
/** @import { Point } from "./least_squares.js" */

const MAX_POINTS = 40;
const NAMES = /** @type {const} */ (["points", "seed", "n_points", "noise", "degree"]);

/** @typedef {{ points: Point[], seed: number, n_points: number, noise: number, degree: number }} Traits */

/** The curve behind the points. @param {number} x */
export function truth(x) {
  return Math.sin(Math.PI * x);
}

/**
 * Where the points of a seed lie, and their noise in standard deviations.
 *
 * @param {number} seed
 */
export function drawSample(seed) {
  const random = new Random(seed);
  return Array.from({ length: MAX_POINTS }, () => [2 * random.uniform() - 1, random.normal()]);
}

/**
 * The points: those that the reader moved, else the first n of the seed's, with noise.
 *
 * @param {Omit<Traits, "degree">} state
 */
export function pointsOf({ points, seed, n_points, noise }) {
  if (points.length) return points;
  return drawSample(seed)
    .slice(0, n_points)
    .map(([x, z]) => [x, truth(x) + noise * z]);
}

/**
 * Root mean squared errors of a fit: at its points, and expected at new points, uniform in x
 * and with the same noise (the integral by the trapezoidal rule).
 *
 * @param {Float64Array} coefficients
 * @param {Point[]} points
 * @param {number} noise
 */
export function errors(coefficients, points, noise) {
  let training = 0;
  for (const [x, y] of points) training += (evaluate(coefficients, x) - y) ** 2;
  let distance = 0;
  GRID.forEach((x, i) => {
    const weight = i === 0 || i === GRID.length - 1 ? 0.5 : 1;
    distance += weight * (evaluate(coefficients, x) - truth(x)) ** 2;
  });
  return {
    training: Math.sqrt(training / points.length),
    test: Math.sqrt(distance / (GRID.length - 1) + noise ** 2),
  };
}

/** Where the widest gap between neighbours lies: a new point goes there. @param {Point[]} points */
export function widestGap(points) {
  const xs = [-1, ...points.map(([x]) => x).sort((a, b) => a - b), 1];
  let at = 0;
  for (let i = 1; i < xs.length - 1; i++) if (xs[i + 1] - xs[i] > xs[at + 1] - xs[at]) at = i;
  return (xs[at] + xs[at + 1]) / 2;
}

/**
 * Say what the chosen degree costs, and which degree costs least.
 *
 * @param {ReturnType<typeof errors>[]} all
 * @param {number} degree
 * @param {number} nPoints
 */
function describeCosts(all, degree, nPoints) {
  const { training, test } = all[degree];
  const best = all.reduce((least, e, d) => (e.test < all[least].test ? d : least), 0);
  return (
    `Degree ${degree} through ${nPoints} points: training error ${training.toFixed(2)}, ` +
    `test error ${test.toFixed(2)}. Lowest test error: degree ${best}.`
  );
}

const round = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;

/** What a reader can do to the points. @typedef {ReturnType<typeof pointActions>} Actions */

/** @param {Model<Traits>} model */
function pointActions(model) {
  const now = () => pointsOf(stateOf(model, NAMES));
  return {
    now,
    /** @param {number} index @param {number} x @param {number} y */
    move(index, x, y) {
      assign(model, "points", now().with(index, [round(clamp(x, -1, 1)), round(clamp(y, LOW, HIGH))]));
    },
    /** @param {number} x */
    add(x, y = truth(x)) {
      const points = now();
      if (points.length < MAX_POINTS) assign(model, "points", [...points, [round(x), round(y)]]);
    },
    /** @param {number} index */
    remove(index) {
      const points = now();
      if (points.length > 2) assign(model, "points", points.toSpliced(index, 1));
    },
    redraw() {
      model.set("points", []);
      assign(model, "seed", (model.get("seed") + 1) % 2 ** 32);
    },
  };
}

/**
 * Points follow the pointer; a press beside them makes a new one.
 *
 * @param {FittingView} view
 * @param {Actions} actions
 * @param {AbortSignal} signal
 */
function followPointer(view, { move, add }, signal) {
  const { drawing } = view;
  let held = -1;
  const press = (/** @type {PointerEvent} */ event) => {
    held = view.indexOf(event);
    if (held >= 0) drawing.setPointerCapture(event.pointerId);
    else if (view.isFree(event)) {
      const [x, y] = view.at(event);
      if (Math.abs(x) <= 1 && y >= LOW && y <= HIGH) add(x, y);
    }
  };
  const drag = (/** @type {PointerEvent} */ event) => {
    const [x, y] = view.at(event);
    if (held >= 0) move(held, x, y);
  };
  const release = () => {
    held = -1;
  };
  drawing.addEventListener("pointerdown", press, { signal });
  drawing.addEventListener("pointermove", drag, { signal });
  for (const end of ["pointerup", "pointercancel"]) drawing.addEventListener(end, release, { signal });
}

/** @type {Record<string, [number, number] | undefined>} */
const STEPS = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

/**
 * Points obey the keys.
 *
 * @param {FittingView} view
 * @param {Actions} actions
 * @param {AbortSignal} signal
 */
function followKeys(view, { now, move, remove }, signal) {
  const { dots } = view;
  const obey = (/** @type {KeyboardEvent} */ event) => {
    const index = view.indexOf(event);
    const step = STEPS[event.key];
    if (step) {
      const [x, y] = now()[index];
      move(index, x + step[0], y + step[1]);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      remove(index);
      const next = dots.children[Math.min(index, dots.children.length - 1)];
      if (next instanceof SVGElement) next.focus();
    } else return;
    event.preventDefault();
  };
  dots.addEventListener("keydown", obey, { signal });
}

/** @param {Scene<Traits>} scene */
function build({ model, el, signal }) {
  const [fitting, costs] = [new FittingView(truth), new CostsView()];
  const actions = pointActions(model);
  const result = element("p", { class: "dl-result", role: "status" });
  const decimals = (/** @type {number} */ value) => value.toFixed(2);
  const controls = element(
    "div",
    { class: "dl-controls" },
    slider(model, "degree", { label: "Degree", min: 0, max: MAX_DEGREE, step: 1 }, signal),
    slider(model, "noise", { label: "Noise", min: 0, max: 1, step: 0.05, format: decimals }, signal),
    slider(model, "n_points", { label: "Points", min: 2, max: MAX_POINTS, step: 1 }, signal),
    button("New points", actions.redraw, signal),
    button("Add a point", () => actions.add(widestGap(actions.now())), signal),
  );
  const help = "Drag a point, or move it with the arrow keys; Delete removes it. Click in the picture to add one.";
  const views = [fitting, costs].map(({ drawing }) => element("div", {}, drawing));
  el.classList.add("dl-overfit");
  el.append(
    element("div", { class: "dl-views" }, ...views),
    result,
    controls,
    element("p", { class: "dl-help" }, help),
  );

  const draw = () => {
    const { degree, noise } = stateOf(model, NAMES);
    const points = actions.now();
    const fits = Array.from({ length: MAX_DEGREE + 1 }, (_, d) => fitPolynomial(points, d));
    const all = fits.map((fit) => errors(fit, points, noise));
    fitting.draw(points, fits[degree]);
    costs.draw(all, degree);
    result.textContent = describeCosts(all, degree, points.length);
  };
  const fresh = () => {
    if (model.get("points").length) model.set("points", []);
    draw();
  };
  followPointer(fitting, actions, signal);
  followKeys(fitting, actions, signal);
  onChange(model, ["noise", "n_points"], fresh, signal);
  onChange(model, ["degree", "points", "seed"], draw, signal);
  draw();
}

export default explorable(build);
