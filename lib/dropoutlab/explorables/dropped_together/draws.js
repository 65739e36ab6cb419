// A hundred masks of a kind, and what comes of them.

import { Random } from "../shared/random.js";
import { drawTogether } from "./kinds.js";
import { knownToNeighbours, LAYER, readingOf, thinned } from "./map_reader.js";

/** @import { Kind } from "./kinds.js" */
/** @import { MapReader } from "./map_reader.js" */

const N_DRAWS = 100;

/** @typedef {{ first: Uint8Array, known: number, reads: number[], whole: number }} Draws */

/** The hundred masks of a kind. @param {number} seed @param {Kind} kind @param {number} p @param {number} block */
export function masksOf(seed, kind, p, block) {
  const random = new Random(seed);
  return Array.from({ length: N_DRAWS }, () => drawTogether(random, kind, p, block, LAYER));
}

/**
 * Drop a hundred times, and see what comes of it.
 *
 * @param {MapReader} net
 * @param {Float64Array} maps
 * @param {Uint8Array[]} masks
 * @param {number} p
 * @returns {Draws}
 */
export function drawHundred(net, maps, masks, p) {
  /** @type {number[]} */
  const reads = new Array(10).fill(0);
  for (const kept of masks) reads[readingOf(net, thinned(maps, kept, p))] += 1;
  return { first: masks[0], known: knownToNeighbours(maps, masks), reads, whole: readingOf(net, maps) };
}
