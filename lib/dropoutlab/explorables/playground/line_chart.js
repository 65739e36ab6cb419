// Lines over epochs, as SVG.

import { svg } from "../shared/controls.js";

const LINES_BOX = { width: 340, height: 210, left: 34, right: 196, top: 10, bottom: 172 };

/** A chart of losses against epochs; each line has a class for its look and a name at its end. */
export class LineChart {
  /** @param {{ label: string, xName: string, yName: string, lines: Record<string, string> }} options Names by class. */
  constructor({ label, xName, yName, lines }) {
    const { width, height, left, right, top, bottom } = LINES_BOX;
    this.drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    this.ticks = svg("g");
    this.lines = new Map();
    this.drawing.append(svg("path", { class: "dl-axis", d: `M${left} ${top}V${bottom}H${right}` }), this.ticks);
    this.drawing.append(svg("text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, xName));
    this.drawing.append(svg("text", { class: "dl-axis-name", x: left + 8, y: top + 8 }, yName));
    for (const [name, text] of Object.entries(lines)) {
      const line = {
        name: text,
        path: svg("path", { class: name }),
        text: svg("text", { class: "dl-name", x: right + 6 }, text),
      };
      this.lines.set(name, line);
      this.drawing.append(line.path, line.text);
    }
  }

  /**
   * @param {Record<string, number[]>} series By class, a value for every epoch from 0 on.
   * @param {number} yMax What does not fit is drawn at the top; an arrow says so at the end.
   */
  draw(series, yMax) {
    const { left, right, top, bottom } = LINES_BOX;
    const n = Math.max(...Object.values(series).map((values) => values.length));
    const xMax = Math.max(50, n - 1);
    const place = (values, i) => [
      left + (i / xMax) * (right - left),
      bottom - (Math.min(values[i], yMax) / yMax) * (bottom - top),
    ];
    const every = Math.ceil(n / 300); // no more points than pixels
    for (const [name, values] of Object.entries(series)) {
      let d = "";
      for (let i = 0; i < values.length; i += every)
        d += `${i ? "L" : "M"}${place(values, i)
          .map((v) => v.toFixed(1))
          .join(" ")}`;
      const line = this.lines.get(name);
      line.path.setAttribute("d", d);
      line.text.textContent = values.at(-1) > yMax ? `↑ ${line.name}` : line.name;
    }
    this.#spread(Object.entries(series).map(([name, values]) => [name, place(values, values.length - 1)[1]]));
    this.ticks.replaceChildren(
      ...[0, xMax].map((x) =>
        svg(
          "text",
          { x: left + (x / xMax) * (right - left), y: bottom + 16, "text-anchor": x ? "end" : "middle" },
          String(x),
        ),
      ),
      ...[0, yMax / 2, yMax].map((y) =>
        svg("text", { x: left - 6, y: bottom - (y / yMax) * (bottom - top) + 5, "text-anchor": "end" }, String(y)),
      ),
    );
  }

  /** Put the names after the ends of their lines, and apart from one another. */
  #spread(ends) {
    let last = -Infinity;
    for (const [name, y] of ends.sort((a, b) => a[1] - b[1])) {
      last = Math.max(y + 5, last + 16);
      this.lines.get(name).text.setAttribute("y", last.toFixed(1));
    }
  }
}
