// Each weight has its place and its colour, and both nets are drawn on one scale.

import assert from "node:assert/strict";
import { test } from "node:test";
import { weightSummary } from "../../../lib/dropoutlab/explorables/playground/pictures.js";
import {
  commonSizes,
  WeightPicture,
  weightSize,
} from "../../../lib/dropoutlab/explorables/playground/weight_picture.js";
import { Network } from "../../../lib/dropoutlab/explorables/shared/network.js";

/** A canvas that remembers its images, and where they were drawn. */
function canvasOf(width, height) {
  const images = [];
  const drawn = [];
  const pen = {
    clearRect() {
      drawn.length = 0;
    },
    createImageData(columns, rows) {
      images.push({ columns, rows, data: new Uint8ClampedArray(4 * columns * rows) });
      return images.at(-1);
    },
    putImageData() {},
    drawImage(_, left, top, wide, high) {
      drawn.push({ left, top, right: left + wide, high });
    },
  };
  const ownerDocument = { createElement: () => ({ getContext: () => pen }) };
  const canvas = /** @type {HTMLCanvasElement} */ (
    /** @type {unknown} */ ({ width, height, ownerDocument, getContext: () => pen })
  );
  return { canvas, images, drawn };
}

function netWith(widths, ...weights) {
  const net = new Network({ widths });
  net.layers.forEach(({ weight, bias }, l) => {
    weight.set(weights[l]);
    bias.fill(100);
  });
  return net;
}

test("a column holds the weights that lead to its unit, coloured by sign and size", () => {
  const { canvas, images } = canvasOf(300, 90);

  new WeightPicture(canvas).draw(netWith([2, 3, 1], [1.2, -0.6, 3, -3, 0, 9], [1, 1, 1]), Float64Array.of(1, 1));

  const [{ columns, rows, data }] = images;
  assert.deepEqual([columns, rows], [3, 2]);
  const alpha = [0, 1, 2, 3, 4, 5].map((i) => data[4 * i + 3]); // row by row
  assert.deepEqual(alpha, [102, 255, 0, 51, 255, 255]);
  const reds = [0, 1, 3, 4].map((i) => data[4 * i]);
  assert.deepEqual(reds, [27, 27, 217, 217]); // blue, blue; orange, orange
});

test("the blocks stand side by side, fill the canvas, and none is too thin to see", () => {
  const { canvas, drawn } = canvasOf(600, 90);
  const net = new Network({ widths: [2, 64, 64, 64, 64, 1] });

  new WeightPicture(canvas).draw(net, new Float64Array(5).fill(1));

  assert.equal(drawn.length, 5);
  assert.equal(drawn[0].left, 0);
  assert.ok(Math.abs(drawn.at(-1).right - 600) < 1e-9);
  assert.ok(drawn.slice(1).every(({ left }, l) => left > drawn[l].right));
  assert.ok(drawn.every(({ left, right, high }) => right - left > 10 && high === 90));
});

test("other widths get other blocks", () => {
  const { canvas, drawn } = canvasOf(300, 90);
  const picture = new WeightPicture(canvas);

  picture.draw(new Network({ widths: [2, 4, 4, 1] }), Float64Array.of(1, 1, 1));
  picture.draw(new Network({ widths: [2, 4, 1] }), Float64Array.of(1, 1));

  assert.equal(drawn.length, 2);
});

test("in each layer the larger net sets the scale of both", () => {
  const one = netWith([2, 1, 1], [3, 4], [1]);
  const other = netWith([2, 1, 1], [1, 1], [-2]);
  const sizes = new Float64Array(2);

  commonSizes(one, other, sizes);

  assert.deepEqual([...sizes], [Math.sqrt(12.5), 2]);
});

test("the size of a net's weights counts all weights alike and no bias", () => {
  const net = netWith([2, 1, 1], [3, 4], [1]);

  assert.equal(weightSize(net), Math.sqrt(26 / 3));
  const nets = { without: net, with: netWith([2, 1, 1], [1, 1], [1]) };
  const words = weightSummary({ nets, diverged: false });
  assert.equal(words, "Root mean square of the weights: 2.94 without dropout, 1.00 with it.");
  assert.equal(weightSummary({ nets, diverged: true }), "");
});
