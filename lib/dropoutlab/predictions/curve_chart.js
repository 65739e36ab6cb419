// The axes that a curve is drawn on: what is known, the guess, and the answer over it.

import { Chart, ticksOf, tickText } from "../explorables/shared/chart.js";
import { place, svg } from "../explorables/shared/controls.js";
import { ink, mark } from "./marks.js";
import { within } from "./steps.js";
import { rounded, written } from "./words.js";

/** @import { Axis } from "../explorables/shared/chart.js" */
/** @import { Prompt } from "./frame.js" */
/** @import { Measure } from "./gaps.js" */
/** @import { Look } from "./marks.js" */
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
 * @property {string} about The curve that the question is about; empty where it is about all.
 * @property {string} alt What the figure shows.
 * @property {string} basis What the intervals rest on; empty where there are none.
 */

/** A value for each place, by the label of the curve. @typedef {Record<string, (number | null)[]>} CurveGuess */

/** @typedef {Prompt & CurveDetails} CurvePrompt */

const BARS = 13; // up to so many x, intervals are bars; then a band

/** Draws the prompt, the guess and the answer at one width. */
export class CurveChart {
  /** @param {CurvePrompt} prompt @param {number} width */
  constructor(prompt, width) {
    this.prompt = prompt;
    const { x, y, question } = prompt;
    const height = Math.round(within(width / 2, [280, 340]));
    const names = { xName: x.name, yName: y.name, label: question };
    const room = 4 * tickText(x.ends[1]).length; // half of the last number
    const left = 10 + 7.5 * Math.max(4.5, ...ticksOf(y).map((tick) => tickText(tick).length));
    this.chart = new Chart({ ...names, width, height, left, room, above: true });
    this.chart.scale({ x: { ...x, margin: 8 }, y });
    this.lines = svg("g");
    this.answer = svg("g", { class: "dl-revealed" });
    this.guess = svg("g", { class: "dl-guess" });
    this.chart.inside.append(this.lines);
    this.chart.drawing.append(this.answer, this.guess);
    /** Where the places stand, in pixels. */
    this.places = prompt.places.map((k) => this.chart.x(prompt.at[k]));
    this.drawKnown();
    this.handles = prompt.curves.map((curve) => this.places.map((_, i) => this.makeHandle(curve, i)));
    this.strokes = prompt.curves.map(({ look }) =>
      svg("path", { class: "dl-line", style: ink(look.color), "stroke-dasharray": look.dash }),
    );
    this.guess.append(...this.strokes, ...this.handles.flat());
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
    if (given.includes(i)) return svg("g"); // it stands there already
    const attributes = {
      role: "slider",
      "aria-orientation": "vertical",
      "aria-label": `${label}, ${names[i]}`,
      "aria-valuemin": y.ends[0],
      "aria-valuemax": y.ends[1],
    };
    return svg("g", attributes, svg("circle", { class: "dl-reach", r: 12 }), mark(look, 0, 0, "hollow"));
  }

  /**
   * The value of a place: what was drawn, else what would be the start for keys.
   *
   * @param {(number | null)[]} values
   * @param {number} i
   */
  standing(values, i) {
    let near = Infinity;
    values.forEach((value, k) => {
      if (value !== null && Math.abs(k - i) < Math.abs(near - i)) near = k;
    });
    const [low, high] = this.prompt.y.ends;
    return values[near] ?? this.chart.scales.y.value((this.chart.y(low) + this.chart.y(high)) / 2);
  }

  /**
   * @param {(number | null)[][]} drawn
   * @param {number} current The curve that is being drawn.
   * @param {number[]} held The place of each curve that a key would move.
   * @param {boolean} open
   * @param {number[]} [changed] The places of the current curve that a hand has just changed:
   *   nothing else is drawn anew.
   */
  drawGuess(drawn, current, held, open, changed) {
    const { at, places, writing, given } = this.prompt;
    drawn.forEach((values, c) => {
      const points = values.flatMap((value, i) => (value === null ? [] : [[at[places[i]], value]]));
      place(this.strokes[c], { d: this.chart.path(points) });
      this.handles[c].forEach((handle, i) => {
        if (given.includes(i) || (changed && (c !== current || !changed.includes(i)))) return;
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
  }

  /** Draw what was measured, and the largest difference. @param {{ x: number, from: number, to: number } | undefined} gap */
  drawAnswer(gap) {
    const { curves } = this.prompt;
    const worst = gap && `M${gap.x.toFixed(1)} ${this.chart.y(gap.from).toFixed(1)}V${this.chart.y(gap.to).toFixed(1)}`;
    this.chart.drawing.append(this.answer); // over the guess: a hit hides nothing of it
    this.answer.replaceChildren(
      ...curves.flatMap((curve) => this.measuredShapes(curve)),
      ...(worst ? [svg("path", { class: "dl-gap", d: worst })] : []),
    );
  }

  /** A measured curve: its interval as a band or as bars, its line, its markers. @param {Curve} curve */
  measuredShapes({ look, measured }) {
    const { at, basis, places, y } = this.prompt;
    const { chart } = this;
    const style = ink(look.color);
    const edge = (/** @type {number} */ end) => measured.map((values, k) => [at[k], within(values[end], y.ends)]);
    const [low, high] = [edge(1), edge(2)];
    const spread =
      at.length > BARS
        ? svg("path", { class: "dl-band", d: `${chart.path([...low, ...high.reverse()])}Z`, style })
        : svg("path", { class: "dl-bars", d: low.map((end, k) => chart.path([end, high[k]])).join(""), style });
    const line = svg("path", { class: "dl-line", d: chart.path(edge(0)), style, "stroke-dasharray": look.dash });
    const marks = places.map((k) => mark(look, chart.x(at[k]), chart.y(measured[k][0]), "full"));
    return [...(basis ? [spread] : []), line, ...marks];
  }
}
