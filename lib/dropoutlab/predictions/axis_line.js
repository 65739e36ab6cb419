// A single axis, to set a number on.

import { scaleTo, ticksOf, tickText } from "../explorables/shared/chart.js";
import { svg } from "../explorables/shared/controls.js";

/** @import { Axis } from "../explorables/shared/chart.js" */

const ROOM = 22; // at both ends, for half a number

/**
 * @param {Axis} axis
 * @param {number} width In pixels.
 */
export function axisLine(axis, width) {
  const scale = scaleTo(axis, ROOM, width - ROOM);
  const drawing = svg("svg", { viewBox: `0 0 ${width} 62`, "aria-hidden": "true" });
  const marks = svg("g");
  const ticks = ticksOf(axis).flatMap((tick) => {
    const x = scale.place(tick);
    const name = tickText(tick);
    const isLong = x > width - 4 * name.length; // it would leave the drawing
    const text = svg("text", { x: isLong ? width : x, y: 55, "text-anchor": isLong ? "end" : "middle" }, name);
    return [svg("path", { class: "dl-axis", d: `M${x.toFixed(1)} 30v6` }), text];
  });
  drawing.append(svg("path", { class: "dl-axis", d: `M${ROOM} 30H${width - ROOM}` }), ...ticks, marks);
  return { drawing, marks, scale, width };
}
