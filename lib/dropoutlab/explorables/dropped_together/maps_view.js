// Maps as pictures: ink, and a cross for each number that is dropped.

import { element } from "../shared/controls.js";
import { colour, penOf } from "../shared/lifecycle.js";

const COLUMNS = 4;
const GAP = 8; // pixels of the canvas

/** So many maps of one size, on one canvas. */
export class MapsView {
  /** @param {string} label @param {{ maps: number, side: number, cell: number }} sizes `cell`: pixels of a number. */
  constructor(label, { maps, side, cell }) {
    const rows = Math.ceil(maps / COLUMNS);
    this.sizes = { maps, side, cell };
    this.canvas = element("canvas", {
      ...{ class: "dl-maps", role: "img", "aria-label": label },
      width: COLUMNS * (side * cell + GAP) - GAP,
      height: rows * (side * cell + GAP) - GAP,
    });
  }

  /**
   * @param {Float64Array} values Map by map, row by row.
   * @param {number} most What is drawn in full ink.
   * @param {Uint8Array | null} kept 0 where there is a cross.
   */
  draw(values, most, kept) {
    const { side, cell } = this.sizes;
    const pen = penOf(this.canvas);
    const ink = colour(this.canvas.parentElement ?? document.body, "--dl-ink");
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let map = 0; map < this.sizes.maps; map++) {
      const [left, top] = [map % COLUMNS, Math.floor(map / COLUMNS)].map((at) => at * (side * cell + GAP));
      pen.fillStyle = `rgb(${ink.join(" ")} / 0.06)`; // the paper
      pen.fillRect(left, top, side * cell, side * cell);
      for (let place = 0; place < side * side; place++) {
        const i = map * side * side + place;
        const [x, y] = [left + (place % side) * cell, top + Math.floor(place / side) * cell];
        if (kept && !kept[i]) drawCross(pen, x, y, cell);
        else if (values[i] > 0) {
          pen.fillStyle = `rgb(${ink.join(" ")} / ${Math.min(values[i] / most, 1)})`;
          pen.fillRect(x, y, cell, cell);
        }
      }
    }
  }
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} cell */
function drawCross(pen, x, y, cell) {
  const [near, far] = [0.2 * cell, 0.8 * cell];
  pen.strokeStyle = "#d97b06";
  pen.lineWidth = 1.4;
  pen.beginPath();
  pen.moveTo(x + near, y + near);
  pen.lineTo(x + far, y + far);
  pen.moveTo(x + far, y + near);
  pen.lineTo(x + near, y + far);
  pen.stroke();
}
