// A net of eight maps that reads digits, and what neighbours know of a dropped number. The same as map_reader.py.

import { byteLayer, unpackLayers } from "../shared/bytes.js";
import { POOLED_SIDE, poolPixels } from "../shared/ink.js";

/** @import { ByteLayer } from "../shared/bytes.js" */
/** @import { Layer } from "./kinds.js" */

const WINDOW = 3;
const CLASSES = 10;
/** @type {Layer} */
export const LAYER = { maps: 8, side: POOLED_SIDE - WINDOW + 1 };
const HALF = LAYER.side / 2;
const AREA = LAYER.side ** 2;

/** A net, unpacked. @typedef {{ windows: ByteLayer, output: ByteLayer }} MapReader */

/** Unpack a net. @param {{ weights: string }} state @returns {MapReader} */
export function decodeMapReader({ weights }) {
  const [windows, output] = unpackLayers(weights, [
    [LAYER.maps, WINDOW ** 2],
    [CLASSES, LAYER.maps * HALF ** 2],
  ]);
  return { windows, output };
}

/** What the windows see of an image of 784 pixels, map by map. @param {MapReader} net @param {Float64Array} image */
export function mapsOf({ windows }, image) {
  const pooled = poolPixels(image);
  const { maps, side } = LAYER;
  const seen = new Float64Array(maps * AREA);
  const patch = new Float64Array(WINDOW ** 2);
  for (let place = 0; place < AREA; place++) {
    const corner = Math.floor(place / side) * POOLED_SIDE + (place % side);
    for (let k = 0; k < patch.length; k++) {
      patch[k] = pooled[corner + Math.floor(k / WINDOW) * POOLED_SIDE + (k % WINDOW)];
    }
    byteLayer(windows, patch).forEach((value, map) => {
      seen[map * AREA + place] = Math.max(value, 0);
    });
  }
  return seen;
}

/** The maps as dropout leaves them. @param {Float64Array} maps @param {Uint8Array} kept @param {number} p */
export function thinned(maps, kept, p) {
  return maps.map((value, i) => (kept[i] ? value / (1 - p) : 0));
}

/** The largest of each two by two: what the next layer gets. @param {Float64Array} maps */
export function pooledMaps(maps) {
  const { side } = LAYER;
  return Float64Array.from({ length: LAYER.maps * HALF ** 2 }, (_, k) => {
    const [map, place] = [Math.floor(k / HALF ** 2), k % HALF ** 2];
    const corner = map * AREA + 2 * Math.floor(place / HALF) * side + 2 * (place % HALF);
    return Math.max(maps[corner], maps[corner + 1], maps[corner + side], maps[corner + side + 1]);
  });
}

/** How maps are read. @param {MapReader} net @param {Float64Array} maps */
export function readingOf({ output }, maps) {
  const logits = byteLayer(output, pooledMaps(maps));
  return logits.indexOf(Math.max(...logits));
}

/**
 * How much of the dropped numbers their neighbours on the map still know, as R²: each is guessed
 * as the mean of those of its eight neighbours that are kept; without any, as the mean of all.
 *
 * @param {Float64Array} maps
 * @param {Uint8Array[]} masks
 * @returns {number} NaN if nothing is dropped, or nothing varies.
 */
export function knownToNeighbours(maps, masks) {
  const mean = maps.reduce((sum, value) => sum + value, 0) / maps.length;
  let [off, spread] = [0, 0];
  for (const kept of masks) {
    for (let i = 0; i < maps.length; i++) {
      if (kept[i]) continue;
      off += (maps[i] - guessOf(i, maps, kept, mean)) ** 2;
      spread += (maps[i] - mean) ** 2;
    }
  }
  return spread ? 1 - off / spread : Number.NaN;
}

/** @param {number} i @param {Float64Array} maps @param {Uint8Array} kept @param {number} otherwise */
function guessOf(i, maps, kept, otherwise) {
  const { side } = LAYER;
  const [row, column] = [Math.floor((i % AREA) / side), i % side];
  let [total, count] = [0, 0];
  for (let down = -1; down <= 1; down++) {
    if (row + down < 0 || row + down >= side) continue;
    for (let across = -1; across <= 1; across++) {
      if (column + across < 0 || column + across >= side) continue;
      const k = i + down * side + across;
      if (!kept[k]) continue; // the number itself is dropped
      total += maps[k];
      count += 1;
    }
  }
  return count ? total / count : otherwise;
}
