// Maps, masks of each kind, and what neighbours know, as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawHundred, masksOf } from "../../../lib/dropoutlab/explorables/dropped_together/draws.js";
import { coinsOf, drawTogether, KINDS } from "../../../lib/dropoutlab/explorables/dropped_together/kinds.js";
import {
  decodeMapReader,
  knownToNeighbours,
  LAYER,
  mapsOf,
  pooledMaps,
  readingOf,
  thinned,
} from "../../../lib/dropoutlab/explorables/dropped_together/map_reader.js";
import { describeDraws, percent } from "../../../lib/dropoutlab/explorables/dropped_together/together_words.js";
import { Random } from "../../../lib/dropoutlab/explorables/shared/random.js";
import { close, golden } from "../golden.js";

const { reader, image, maps, cases } = golden("dropped_maps");
const net = decodeMapReader(reader);
const seen = mapsOf(net, Float64Array.from(image));

test("the windows see what they see in Python", () => {
  close(seen, maps, 1e-8);
});

cases.forEach(({ kind, p, block, masks, known, pooled, reads }) => {
  test(`${kind} at p = ${p}, blocks of ${block}: masks, neighbours and answers as in Python`, () => {
    const random = new Random(5);
    const drawn = masks.map(() => drawTogether(random, kind, p, block, LAYER));

    assert.deepEqual(
      drawn.map((mask) => mask.join("")),
      masks,
    );
    close([knownToNeighbours(seen, drawn)], [known], 1e-7);
    close(pooledMaps(thinned(seen, drawn[0], p)), pooled, 1e-7);
    assert.deepEqual(
      drawn.map((mask) => readingOf(net, thinned(seen, mask, p))),
      reads,
    );
  });
});

test("whatever the kind, each number is dropped with probability p, at the edge as well", () => {
  for (const kind of KINDS) {
    const dropped = new Float64Array(seen.length);
    const random = new Random(1);
    const n = 4000;
    for (let i = 0; i < n; i++) {
      drawTogether(random, kind, 0.4, 5, { maps: 2, side: 4 }).forEach((kept, k) => {
        dropped[k] += 1 - kept;
      });
    }
    for (const k of [0, 3, 5, 12, 16, 31]) assert.ok(Math.abs(dropped[k] / n - 0.4) < 0.05, `${kind} at ${k}`);
  }
});

test("coins are counted as they are tossed", () => {
  assert.deepEqual(
    KINDS.map((kind) => coinsOf(kind, 3, LAYER)),
    [1152, 1568, 8, 144],
  );
});

test("of whole maps nobody on the map knows anything, and of nothing there is nothing to know", () => {
  assert.equal(knownToNeighbours(seen, masksOf(0, "maps", 0.5, 1)), 0);
  assert.ok(Number.isNaN(knownToNeighbours(seen, masksOf(0, "numbers", 0, 1))));
});

test("a hundred draws answer a hundred times, and are said in words", () => {
  const draws = drawHundred(net, seen, masksOf(0, "places", 0.5, 1), 0.5);

  assert.equal(
    draws.reads.reduce((sum, count) => sum + count, 0),
    100,
  );
  assert.match(
    describeDraws("places", draws),
    /^One coin for each place in all maps\. In this draw \d+ % of the numbers are gone\. Over a hundred draws their neighbours know −?\d+ % of what is dropped; the digit is read \d+ of 100 as \d, and as \d with nothing dropped\.$/,
  );
  assert.match(describeDraws("numbers", { ...draws, known: Number.NaN }), /nothing is dropped/);
});

test("shares are whole per cents with a true minus", () => {
  assert.deepEqual([0.476, -0.124, -0.001, Number.NaN].map(percent), ["48 %", "−12 %", "0 %", "–"]);
});
