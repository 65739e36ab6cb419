// The losses of both nets over the epochs.

import { Chart } from "../shared/chart.js";
import { place, svg } from "../shared/controls.js";

/** @import { Duel } from "./duel.js" */

const LOSS_MAX = 1;
const LINES = /** @type {const} */ ([
  ["without", "training"],
  ["without", "test"],
  ["with", "training"],
  ["with", "test"],
]);

/** A chart of losses; each line has its name at its end. */
export class LossChart {
  #chart = new Chart({
    label: "Losses of both nets on training and test points",
    xName: "epoch",
    yName: "loss (nats)",
    role: "img",
    height: 212,
    room: 144,
  });
  #lines = LINES.map(([net, part]) => ({
    net,
    part,
    path: svg("path", { class: `dl-${net} dl-${part}` }),
    text: svg("text", { class: "dl-name", x: this.#chart.box.right + 6 }),
  }));

  constructor() {
    this.drawing = this.#chart.drawing;
    this.drawing.append(...this.#lines.flatMap(({ path, text }) => [path, text]));
  }

  /** What does not fit is drawn at the top; an arrow says so at the end. @param {Duel} duel */
  draw({ history, epoch }) {
    const chart = this.#chart;
    const xMax = Math.max(50, epoch);
    const every = Math.ceil((epoch + 1) / 300); // no more points than pixels
    chart.scale({ x: { ends: [0, xMax], ticks: [0, xMax] }, y: { ends: [0, LOSS_MAX], ticks: [0, 0.5, 1] } });
    const ends = this.#lines.map(({ net, part, path, text }) => {
      const losses = history[net][part];
      const points = losses.map((loss, i) => [i, Math.min(loss, LOSS_MAX)]).filter(([i]) => i % every === 0);
      path.setAttribute("d", chart.path(points));
      text.textContent = `${losses[epoch] > LOSS_MAX ? "↑ " : ""}${net}, ${part}`;
      return { text, y: chart.y(Math.min(losses[epoch], LOSS_MAX)) };
    });
    // Names stand apart from one another.
    let last = -Infinity;
    for (const { text, y } of ends.sort((a, b) => a.y - b.y)) {
      last = Math.max(y + 5, last + 16);
      place(text, { y: last.toFixed(1) });
    }
  }
}
