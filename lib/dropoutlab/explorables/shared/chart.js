// A chart as SVG: two axes with their names and round numbers, and the places of numbers on it.

import { svg } from "./controls.js";

const WIDTH = 340;
const LEFT = 44;
const BARE = { ends: [0, 1], ticks: [] };

/**
 * An axis: the numbers at its ends and those that are written along it, if they lie between.
 * With `log` equal factors take equal room; `margin` is the room before the ends, in pixels.
 *
 * @typedef {object} Axis
 * @property {number[]} ends Two.
 * @property {number[]} ticks
 * @property {boolean} [log]
 * @property {number} [margin]
 */

/**
 * Round numbers that cover a range, about five of them.
 *
 * @param {number} low
 * @param {number} high
 * @returns {number[]} Equally spaced; the first is at most `low`, the last at least `high`.
 */
export function roundTicks(low, high) {
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** A value with a true minus. @param {number | string | boolean} value */
export function signed(value) {
  return String(value).replace("-", "−");
}

/** A number as it stands at an axis. @param {number} value */
export function tickText(value) {
  return signed(value.toLocaleString("en", { maximumFractionDigits: 12 }));
}

/**
 * The places of numbers, and the numbers of places.
 *
 * @param {Axis} axis
 * @param {number} from Where its first end stands.
 * @param {number} to Where its last end stands.
 */
export function scaleTo({ ends, log = false, margin = 0 }, from, to) {
  const [warp, unwarp] = log ? [Math.log, Math.exp] : [Number, Number];
  const [low, high] = ends.map((end) => warp(end));
  const inner = margin * Math.sign(to - from);
  const [first, length] = [from + inner, to - from - 2 * inner];
  return {
    place: (/** @type {number} */ value) => first + ((warp(value) - low) / (high - low)) * length,
    value: (/** @type {number} */ place) => unwarp(low + ((place - first) / length) * (high - low)),
  };
}

/** The numbers that lie on an axis. @param {Axis} axis */
export function ticksOf({ ends: [low, high], ticks }) {
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** An empty chart; `scale` sets its axes, `x` and `y` place numbers on it. */
export class Chart {
  /**
   * @param {object} options
   * @param {string} options.label
   * @param {string} options.xName
   * @param {string} [options.yName]
   * @param {string} [options.role] Of an image, or of a group whose parts have names.
   * @param {number} [options.width] In pixels, as is what follows.
   * @param {number} [options.height]
   * @param {number} [options.left] At the left, for the numbers.
   * @param {number} [options.room] At the right, for names.
   * @param {boolean} [options.above] Whether the vertical axis has its name above it, not beside.
   */
  constructor(options) {
    const { label, xName, yName = "", role = "group", width = WIDTH, height = 260 } = options;
    const { left = LEFT, room = 6, above = false } = options;
    const [right, top, bottom] = [width - room, above ? 28 : 10, height - 40];
    this.width = width;
    this.box = { left, right, top, bottom };
    this.drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role, "aria-label": label });
    this.yName = svg("text", { class: "dl-axis-name", x: above ? 4 : left + 8, y: above ? 15 : top + 8 }, yName);
    this.ticks = svg("g");
    const size = { width: right - left, height: bottom - top };
    /** What is drawn in here ends at the axes. */
    this.inside = svg("svg", { x: left, y: top, ...size, viewBox: `${left} ${top} ${size.width} ${size.height}` });
    this.drawing.append(
      svg("path", { class: "dl-axis", d: `M${left} ${top}V${bottom}H${right}` }),
      svg("text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, xName),
      this.ticks,
      this.inside,
      this.yName,
    );
    this.scales = { x: scaleTo(BARE, left, right), y: scaleTo(BARE, bottom, top) };
  }

  /** Set both axes. @param {{ x: Axis, y: Axis }} axes */
  scale({ x, y }) {
    const { left, right, top, bottom } = this.box;
    this.scales = { x: scaleTo(x, left, right), y: scaleTo(y, bottom, top) };
    const across = { y: bottom + 17, "text-anchor": "middle" };
    const beside = { x: left - 6, "text-anchor": "end" };
    this.ticks.replaceChildren(
      ...ticksOf(x).map((tick) => svg("text", { x: this.x(tick), ...across }, tickText(tick))),
      ...ticksOf(y).map((tick) => svg("text", { y: this.y(tick) + 5, ...beside }, tickText(tick))),
    );
  }

  /** Where a number stands along the horizontal axis. @param {number} value */
  x(value) {
    return this.scales.x.place(value);
  }

  /** Where a number stands along the vertical axis. @param {number} value */
  y(value) {
    return this.scales.y.place(value);
  }

  /**
   * Where a pointer is in the drawing.
   *
   * @param {{ clientX: number, clientY: number }} event
   * @returns {[number, number]}
   */
  spot({ clientX, clientY }) {
    const box = this.drawing.getBoundingClientRect();
    const scale = this.width / box.width;
    return [(clientX - box.left) * scale, (clientY - box.top) * scale];
  }

  /** The numbers, x and y, where a pointer is. @param {{ clientX: number, clientY: number }} event */
  numbersAt(event) {
    const [x, y] = this.spot(event);
    return [this.scales.x.value(x), this.scales.y.value(y)];
  }

  /** A path through points of numbers. @param {number[][]} points */
  path(points) {
    return points.map(([x, y], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`).join("");
  }

  /** A path from top to bottom at a number. @param {number} x */
  vertical(x) {
    return `M${this.x(x).toFixed(1)} ${this.box.top}V${this.box.bottom}`;
  }
}
