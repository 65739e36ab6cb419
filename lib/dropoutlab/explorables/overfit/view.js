// Overfit it yourself: points to move, a polynomial to fit them, and what it costs elsewhere.

import { assign, button, element, onChange, slider } from "../shared/controls.js";
import { explorable } from "../shared/lifecycle.js";
import { evaluate, fitPolynomial } from "./least_squares.js";
import {
  clamp,
  drawCosts,
  drawFitting,
  GRID,
  HIGH,
  LOW,
  MAX_DEGREE,
  path,
  pointUnder,
  px,
  py,
  showCosts,
  showPoints,
} from "./overfit_picture.js";

const MAX_POINTS = 40;

/** The curve behind the points. */
export function truth(x) {
  return Math.sin(Math.PI * x);
}

/** The points: those that the reader moved, else the first n of the sample, with noise. */
export function pointsOf({ points, sample, n_points, noise }) {
  return points.length ? points : sample.slice(0, n_points).map(([x, z]) => [x, truth(x) + noise * z]);
}

/**
 * Root mean squared errors of a fit: at its points, and expected at new points, uniform in x
 * and with the same noise (the integral by the trapezoidal rule).
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

/** Where the widest gap between neighbours lies: a new point goes there. */
export function widestGap(points) {
  const xs = [-1, ...points.map(([x]) => x).sort((a, b) => a - b), 1];
  let at = 0;
  for (let i = 1; i < xs.length - 1; i++) if (xs[i + 1] - xs[i] > xs[at + 1] - xs[at]) at = i;
  return (xs[at] + xs[at + 1]) / 2;
}

/** Say what the chosen degree costs, and which degree costs least. */
function describeCosts(all, degree, nPoints) {
  const { training, test } = all[degree];
  const best = all.reduce((least, e, d) => (e.test < all[least].test ? d : least), 0);
  return (
    `Degree ${degree} through ${nPoints} points: training error ${training.toFixed(2)}, ` +
    `test error ${test.toFixed(2)}. Lowest test error: degree ${best}.`
  );
}

const round = (value) => Math.round(value * 1000) / 1000;

/** What a reader can do to the points. */
function pointActions(model, state) {
  return {
    move(index, x, y) {
      const points = pointsOf(state()).map((point) => [...point]);
      points[index] = [round(clamp(x, -1, 1)), round(clamp(y, LOW, HIGH))];
      assign(model, "points", points);
    },
    add(x, y = truth(x)) {
      const points = pointsOf(state());
      if (points.length < MAX_POINTS) assign(model, "points", [...points, [round(x), round(y)]]);
    },
    remove(index) {
      const points = pointsOf(state());
      if (points.length > 2)
        assign(
          model,
          "points",
          points.filter((_, i) => i !== index),
        );
    },
    redraw() {
      const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
      model.set("points", []);
      assign(
        model,
        "sample",
        Array.from({ length: MAX_POINTS }, () => [round(2 * Math.random() - 1), round(normal())]),
      );
    },
  };
}

const indexOfDot = (dots, target) => [...dots.children].indexOf(target.closest(".dl-dot"));

/** Points follow the pointer; a press beside them makes a new one. */
function followPointer({ drawing, inside, dots }, { move, add }, signal) {
  let held = -1;
  drawing.addEventListener(
    "pointerdown",
    (event) => {
      held = indexOfDot(dots, event.target);
      if (held >= 0) drawing.setPointerCapture(event.pointerId);
      else if (event.target === drawing || inside.contains(event.target)) {
        const [x, y] = pointUnder(drawing, event);
        if (Math.abs(x) <= 1 && y >= LOW && y <= HIGH) add(x, y);
      }
    },
    { signal },
  );
  drawing.addEventListener(
    "pointermove",
    (event) => {
      if (held >= 0) move(held, ...pointUnder(drawing, event));
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(
      end,
      () => {
        held = -1;
      },
      { signal },
    );
  }
}

/** Points obey the keys. */
function followKeys({ dots }, { move, remove }, state, signal) {
  const steps = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
  dots.addEventListener(
    "keydown",
    (event) => {
      const index = indexOfDot(dots, event.target);
      const points = pointsOf(state());
      if (event.key in steps) {
        const [x, y] = points[index];
        move(index, x + steps[event.key][0], y + steps[event.key][1]);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        remove(index);
        dots.children[Math.min(index, dots.children.length - 1)].focus();
      } else return;
      event.preventDefault();
    },
    { signal },
  );
}

export default explorable(({ model, el, signal }) => {
  const names = ["points", "sample", "n_points", "noise", "degree"];
  const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const fitting = drawFitting(truth);
  const costs = drawCosts();
  const actions = pointActions(model, state);
  const result = element("p", { class: "dl-result", role: "status" });
  const controls = element(
    "div",
    { class: "dl-controls" },
    slider(model, "degree", { label: "Degree", min: 0, max: MAX_DEGREE, step: 1 }, signal),
    slider(model, "noise", { label: "Noise", min: 0, max: 1, step: 0.05, format: (v) => v.toFixed(2) }, signal),
    slider(model, "n_points", { label: "Points", min: 2, max: MAX_POINTS, step: 1 }, signal),
    button("New points", actions.redraw, signal),
    button("Add a point", () => actions.add(widestGap(pointsOf(state()))), signal),
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

  function draw() {
    const { degree, noise } = state();
    const points = pointsOf(state());
    showPoints(fitting.dots, points);
    const fits = Array.from({ length: MAX_DEGREE + 1 }, (_, d) => fitPolynomial(points, d));
    fitting.curve.setAttribute("d", path(GRID.map((x) => [px(x), py(evaluate(fits[degree], x))])));
    const all = fits.map((fit) => errors(fit, points, noise));
    showCosts(costs, all, degree);
    result.textContent = describeCosts(all, degree, points.length);
  }

  const fresh = () => {
    if (model.get("points").length) model.set("points", []);
    draw();
  };
  followPointer(fitting, actions, signal);
  followKeys(fitting, actions, state, signal);
  onChange(model, ["noise", "n_points"], fresh, signal);
  onChange(model, ["degree", "points", "sample"], draw, signal);
  draw();
});
