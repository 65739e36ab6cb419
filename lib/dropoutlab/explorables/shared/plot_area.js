// A plot as SVG: axes with round ticks, and a scale for each.

import { svg } from "./controls.js";

const AREA = { width: 360, height: 256, left: 44, right: 350, top: 28, bottom: 212 };

/**
 * Round numbers that cover a range, about five of them.
 *
 * @returns {number[]} Equally spaced; the first is at most `low`, the last at least `high`.
 */
export function coveringTicks(low, high) {
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** An empty plot; `scale` sets its axes, `x` and `y` place numbers on it. */
export class PlotArea {
  /** @param {{ label: string, xName: string, room?: number }} options Room at the right, in pixels. */
  constructor({ label, xName, room = 0 }) {
    const { width, height, left, top, bottom } = AREA;
    const right = AREA.right - room;
    this.right = right;
    this.drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label });
    this.ticks = svg("g");
    this.yName = svg("text", { class: "dl-axis-name", x: 4, y: top - 13 });
    this.drawing.append(
      svg("path", { class: "dl-axis", d: `M${left} ${top}V${bottom}H${right}` }),
      svg("text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, xName),
      this.yName,
      this.ticks,
    );
    // What is drawn into it ends at the axes.
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    this.inside = svg("svg", { ...box, viewBox: `${left} ${top} ${box.width} ${box.height}` });
    this.drawing.append(this.inside);
  }

  /**
   * @param {number[]} xTicks Where numbers stand below the axis.
   * @param {number[]} yTicks Where they stand beside the other; its ends are the first and the last.
   * @param {{ yName: string, xEnds?: [number, number], margin?: number }} options Ends of the
   *   horizontal axis (those of its ticks), and how far from it they lie, in pixels.
   */
  scale(xTicks, yTicks, { yName, xEnds = [xTicks[0], xTicks.at(-1)], margin = 0 }) {
    const { right } = this;
    const { left, top, bottom } = AREA;
    const [xLow, xHigh] = xEnds;
    const [yLow, yHigh] = [yTicks[0], yTicks.at(-1)];
    this.x = (value) => left + margin + ((value - xLow) / (xHigh - xLow)) * (right - left - 2 * margin);
    this.y = (value) => bottom - ((value - yLow) / (yHigh - yLow)) * (bottom - top);
    this.yName.textContent = yName;
    this.ticks.replaceChildren(
      ...xTicks.map((value) =>
        svg("text", { x: this.x(value), y: bottom + 18, "text-anchor": "middle" }, String(value)),
      ),
      ...yTicks.map((value) => svg("text", { x: left - 6, y: this.y(value) + 5, "text-anchor": "end" }, String(value))),
    );
  }

  /** The number on the horizontal axis at which a pointer stands. */
  valueAt(event) {
    const box = this.drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * AREA.width;
    const [zero, one] = [this.x(0), this.x(1)];
    return (x - zero) / (one - zero);
  }

  /** A path through points of numbers. */
  path(points) {
    return points.map(([x, y], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`).join("");
  }
}

/** From top to bottom of the plot at one place. */
export function verticalAt(x) {
  return `M${x.toFixed(1)} ${AREA.top}V${AREA.bottom}`;
}

/** A column of the plot around one place, for pointers to hit. */
export function columnAt(x, width) {
  return { x: (x - width / 2).toFixed(1), y: AREA.top, width: width.toFixed(1), height: AREA.bottom - AREA.top };
}
