// The two drawings of "Overfit it yourself": the fit, and what each degree costs.

import { svg } from "../shared/controls.js";

export const MAX_DEGREE = 15;
export const [LOW, HIGH] = [-2.2, 2.2]; // of y
export const GRID = Array.from({ length: 201 }, (_, i) => -1 + i / 100);
const [WIDTH, HEIGHT] = [340, 260];
const PLOT = { left: 34, right: 334, top: 10, bottom: 220 };
const [LEAST, MOST] = [0.03, 10]; // of the errors drawn

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
export const px = (x) => PLOT.left + ((x + 1) / 2) * (PLOT.right - PLOT.left);
export const py = (y) => PLOT.bottom - ((clamp(y, LOW - 1, HIGH + 1) - LOW) / (HIGH - LOW)) * (PLOT.bottom - PLOT.top);
const degreeX = (degree) => PLOT.left + 12 + (degree / MAX_DEGREE) * (PLOT.right - PLOT.left - 24);
const errorY = (error) =>
  PLOT.bottom - (Math.log(clamp(error, LEAST, MOST) / LEAST) / Math.log(MOST / LEAST)) * (PLOT.bottom - PLOT.top);
export const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

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

/**
 * The points, the curve through them, and the one behind.
 *
 * @param {(x: number) => number} behind
 */
export function drawFitting(behind) {
  const { left, right, top, bottom } = PLOT;
  const number = (value) => String(value).replace("-", "−");
  const drawing = frame(
    "Points and the fitted curve",
    "x",
    "y",
    [-1, 0, 1].map((x) => [px(x), number(x)]),
    [-2, -1, 0, 1, 2].map((y) => [py(y), number(y)]),
  );
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  const inside = svg("svg", { ...box, viewBox: `${left} ${top} ${box.width} ${box.height}` }); // clips
  const curve = svg("path", { class: "dl-curve" });
  const dots = svg("g", { class: "dl-dots" });
  inside.append(svg("path", { class: "dl-truth", d: path(GRID.map((x) => [px(x), py(behind(x))])) }), curve);
  drawing.append(inside, dots);
  return { drawing, inside, curve, dots };
}

/** The errors against the degree, and which degree is chosen. */
export function drawCosts() {
  const drawing = frame(
    "Errors against the degree",
    "degree",
    "error (root mean square)",
    [0, 5, 10, 15].map((d) => [degreeX(d), d]),
    [0.1, 1, 10].map((e) => [errorY(e), e]),
  );
  const here = svg("path", { class: "dl-here" });
  const part = (name, mark) => ({
    line: svg("path", { class: `dl-${name}` }),
    mark: svg(mark, { class: `dl-${name}` }),
    name: svg("text", { class: "dl-name" }, name),
  });
  const parts = { training: part("training", "circle"), test: part("test", "rect") };
  drawing.append(here, ...["line", "mark", "name"].flatMap((what) => Object.values(parts).map((each) => each[what])));
  return { drawing, here, parts };
}

/** Show the points, each a thing that one can take hold of. */
export function showPoints(dots, points) {
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
}

const place = (shape, at) => Object.entries(at).forEach(([key, value]) => shape.setAttribute(key, value));

/** Show the errors of all degrees, and mark those of the chosen one. */
export function showCosts({ here, parts }, all, degree) {
  here.setAttribute("d", `M${degreeX(degree)} ${PLOT.top}V${PLOT.bottom}`);
  const towardsLeft = degree > MAX_DEGREE / 2;
  for (const [kind, { line, mark, name }] of Object.entries(parts)) {
    line.setAttribute("d", path(all.map((e, d) => [degreeX(d), errorY(e[kind])])));
    const [x, y] = [degreeX(degree), errorY(all[degree][kind])];
    if (kind === "training") place(mark, { cx: x, cy: y, r: 5 });
    else place(mark, { x: x - 5, y: y - 5, width: 10, height: 10 });
    const side = { x: x + (towardsLeft ? -10 : 10), "text-anchor": towardsLeft ? "end" : "start" };
    place(name, { ...side, y: y + (kind === "test" ? -8 : 18) });
    name.textContent = `${kind} ${all[degree][kind].toFixed(2)}`;
  }
}

/** Where on the axes an event is. */
export function pointUnder(drawing, { clientX, clientY }) {
  const box = drawing.getBoundingClientRect();
  const x = ((clientX - box.left) / box.width) * WIDTH;
  const y = ((clientY - box.top) / box.height) * HEIGHT;
  return [
    ((x - PLOT.left) / (PLOT.right - PLOT.left)) * 2 - 1,
    LOW + ((PLOT.bottom - y) / (PLOT.bottom - PLOT.top)) * (HIGH - LOW),
  ];
}
