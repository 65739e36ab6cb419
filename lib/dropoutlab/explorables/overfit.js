// Overfit it yourself: points to move, a polynomial to fit them, and what it costs elsewhere.

import { assign, button, element, onChange, slider, svg } from "./shared/controls.js";
import { evaluate, fitPolynomial } from "./shared/least_squares.js";
import { explorable } from "./shared/lifecycle.js";

const MAX_DEGREE = 15;
const MAX_POINTS = 40;
const [WIDTH, HEIGHT] = [340, 260];
const PLOT = { left: 34, right: 334, top: 10, bottom: 220 };
const [LOW, HIGH] = [-2.2, 2.2]; // of y
const GRID = Array.from({ length: 201 }, (_, i) => -1 + i / 100);
const [LEAST, MOST] = [0.03, 10]; // of the errors drawn

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

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const round = (value) => Math.round(value * 1000) / 1000;
const px = (x) => PLOT.left + ((x + 1) / 2) * (PLOT.right - PLOT.left);
const py = (y) => PLOT.bottom - ((clamp(y, LOW - 1, HIGH + 1) - LOW) / (HIGH - LOW)) * (PLOT.bottom - PLOT.top);
const degreeX = (degree) => PLOT.left + 12 + (degree / MAX_DEGREE) * (PLOT.right - PLOT.left - 24);
const errorY = (error) =>
  PLOT.bottom - (Math.log(clamp(error, LEAST, MOST) / LEAST) / Math.log(MOST / LEAST)) * (PLOT.bottom - PLOT.top);
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function frame(label, xLabel, yLabel, xTicks, yTicks) {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": label });
  const { left, right, top, bottom } = PLOT;
  drawing.append(svg("path", { class: "dl-axis", d: `M${left} ${top}V${bottom}H${right}` }));
  for (const [at, text] of xTicks) {
    drawing.append(svg("text", { x: at, y: bottom + 16, "text-anchor": "middle" }, text));
  }
  for (const [at, text] of yTicks) {
    drawing.append(svg("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, text));
  }
  drawing.append(svg("text", { x: (left + right) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, xLabel));
  drawing.append(svg("text", { class: "dl-axis-name", x: left + 8, y: top + 8 }, yLabel));
  return drawing;
}

export default explorable(({ model, el, signal }) => {
  const state = () =>
    Object.fromEntries(["points", "sample", "n_points", "noise", "degree"].map((name) => [name, model.get(name)]));

  const fitting = frame(
    "Points and the fitted curve",
    "x",
    "y",
    [-1, 0, 1].map((x) => [px(x), String(x).replace("-", "−")]),
    [-2, -1, 0, 1, 2].map((y) => [py(y), String(y).replace("-", "−")]),
  );
  const { left, right, top, bottom } = PLOT;
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  const inside = svg("svg", { ...box, viewBox: `${left} ${top} ${box.width} ${box.height}` }); // clips
  const truthLine = svg("path", { class: "dl-truth", d: path(GRID.map((x) => [px(x), py(truth(x))])) });
  const curve = svg("path", { class: "dl-curve" });
  const dots = svg("g", { class: "dl-dots" });
  inside.append(truthLine, curve);
  fitting.append(inside, dots);

  const costs = frame(
    "Errors against the degree",
    "degree",
    "error (root mean square)",
    [0, 5, 10, 15].map((d) => [degreeX(d), d]),
    [0.1, 1, 10].map((e) => [errorY(e), e]),
  );
  const here = svg("path", { class: "dl-here" });
  const lines = { training: svg("path", { class: "dl-training" }), test: svg("path", { class: "dl-test" }) };
  const marks = { training: svg("circle", { class: "dl-training", r: 5 }), test: svg("rect", { class: "dl-test", width: 10, height: 10 }) };
  const names = { training: svg("text", { class: "dl-name" }, "training"), test: svg("text", { class: "dl-name" }, "test") };
  costs.append(here, ...Object.values(lines), ...Object.values(marks), ...Object.values(names));

  const result = element("p", { class: "dl-result", role: "status" });
  const controls = element(
    "div",
    { class: "dl-controls" },
    slider(model, "degree", { label: "Degree", min: 0, max: MAX_DEGREE, step: 1 }, signal),
    slider(model, "noise", { label: "Noise", min: 0, max: 1, step: 0.05, format: (v) => v.toFixed(2) }, signal),
    slider(model, "n_points", { label: "Points", min: 2, max: MAX_POINTS, step: 1 }, signal),
    button("New points", newSample, signal),
    button("Add a point", () => add(widestGap(pointsOf(state()))), signal),
  );
  const help = element(
    "p",
    { class: "dl-help" },
    "Drag a point, or move it with the arrow keys; Delete removes it. Click in the picture to add one.",
  );
  el.append(element("div", { class: "dl-views" }, element("div", {}, fitting), element("div", {}, costs)), result, controls, help);

  function newSample() {
    const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    model.set("points", []);
    assign(model, "sample", Array.from({ length: MAX_POINTS }, () => [round(2 * Math.random() - 1), round(normal())]));
  }

  function move(index, x, y) {
    const points = pointsOf(state()).map((point) => [...point]);
    points[index] = [round(clamp(x, -1, 1)), round(clamp(y, LOW, HIGH))];
    assign(model, "points", points);
  }

  function add(x, y = truth(x)) {
    const points = pointsOf(state());
    if (points.length < MAX_POINTS) assign(model, "points", [...points, [round(x), round(y)]]);
  }

  function remove(index) {
    const points = pointsOf(state());
    if (points.length <= 2) return;
    assign(model, "points", points.filter((_, i) => i !== index));
    dots.children[Math.min(index, points.length - 2)].focus();
  }

  function place(event) {
    const box = fitting.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const y = ((event.clientY - box.top) / box.height) * HEIGHT;
    return [
      ((x - PLOT.left) / (PLOT.right - PLOT.left)) * 2 - 1,
      LOW + ((PLOT.bottom - y) / (PLOT.bottom - PLOT.top)) * (HIGH - LOW),
    ];
  }

  const indexOf = (target) => [...dots.children].indexOf(target.closest(".dl-dot"));
  let held = -1;
  fitting.addEventListener("pointerdown", (event) => {
    held = indexOf(event.target);
    if (held >= 0) fitting.setPointerCapture(event.pointerId);
    else if (event.target === fitting || inside.contains(event.target)) {
      const [x, y] = place(event);
      if (Math.abs(x) <= 1 && y >= LOW && y <= HIGH) add(x, y);
    }
  }, { signal });
  fitting.addEventListener("pointermove", (event) => {
    if (held >= 0) move(held, ...place(event));
  }, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    fitting.addEventListener(end, () => { held = -1; }, { signal });
  }
  dots.addEventListener("keydown", (event) => {
    const index = indexOf(event.target);
    const steps = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
    if (event.key in steps) {
      const [x, y] = pointsOf(state())[index];
      move(index, x + steps[event.key][0], y + steps[event.key][1]);
    } else if (event.key === "Delete" || event.key === "Backspace") remove(index);
    else return;
    event.preventDefault();
  }, { signal });

  function draw() {
    const now = state();
    const points = pointsOf(now);
    while (dots.children.length > points.length) dots.lastChild.remove();
    while (dots.children.length < points.length) {
      const dot = svg("g", { class: "dl-dot", tabindex: 0, role: "img" });
      dot.append(svg("circle", { class: "dl-reach", r: 22 }), svg("circle", { r: 5 }));
      dots.append(dot);
    }
    points.forEach(([x, y], i) => {
      dots.children[i].setAttribute("transform", `translate(${px(x).toFixed(1)} ${py(y).toFixed(1)})`);
      dots.children[i].setAttribute("aria-label", `Point at x ${x.toFixed(2)}, y ${y.toFixed(2)}`);
    });
    const fits = Array.from({ length: MAX_DEGREE + 1 }, (_, degree) => fitPolynomial(points, degree));
    curve.setAttribute("d", path(GRID.map((x) => [px(x), py(evaluate(fits[now.degree], x))])));
    const all = fits.map((fit) => errors(fit, points, now.noise));
    const chosen = all[now.degree];
    here.setAttribute("d", `M${degreeX(now.degree)} ${PLOT.top}V${PLOT.bottom}`);
    for (const kind of ["training", "test"]) {
      lines[kind].setAttribute("d", path(all.map((e, degree) => [degreeX(degree), errorY(e[kind])])));
      const [x, y] = [degreeX(now.degree), errorY(chosen[kind])];
      if (kind === "training") for (const [key, at] of [["cx", x], ["cy", y]]) marks[kind].setAttribute(key, at);
      else for (const [key, at] of [["x", x - 5], ["y", y - 5]]) marks[kind].setAttribute(key, at);
      const towardsLeft = now.degree > MAX_DEGREE / 2;
      names[kind].setAttribute("x", x + (towardsLeft ? -10 : 10));
      names[kind].setAttribute("y", y + (kind === "test" ? -8 : 18));
      names[kind].setAttribute("text-anchor", towardsLeft ? "end" : "start");
      names[kind].textContent = `${kind} ${chosen[kind].toFixed(2)}`;
    }
    const best = all.reduce((least, e, degree) => (e.test < all[least].test ? degree : least), 0);
    result.textContent =
      `Degree ${now.degree} through ${points.length} points: training error ${chosen.training.toFixed(2)}, ` +
      `test error ${chosen.test.toFixed(2)}. Lowest test error: degree ${best}.`;
  }

  const fresh = () => {
    if (model.get("points").length) model.set("points", []);
    draw();
  };
  onChange(model, ["noise", "n_points"], fresh, signal);
  onChange(model, ["degree", "points", "sample"], draw, signal);
  draw();
});
