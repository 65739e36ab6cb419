// What is dropped together on a layer of maps. The same as kinds.py, which writes the golden values.

/** @import { Random } from "../shared/random.js" */

/** The sizes of a layer: so many maps of so many rows and columns. @typedef {{ maps: number, side: number }} Layer */
/** Which numbers share a coin. @typedef {"numbers" | "blocks" | "maps" | "places"} Kind */

/** @type {Kind[]} */
export const KINDS = ["numbers", "blocks", "maps", "places"];

/** How many coins a draw tosses. @param {Kind} kind @param {number} block @param {Layer} layer */
export function coinsOf(kind, block, { maps, side }) {
  if (kind === "blocks") return maps * (side + block - 1) ** 2;
  if (kind === "maps") return maps;
  return side ** 2 * (kind === "places" ? 1 : maps);
}

/**
 * Draw a mask: 1, kept, or 0 for each number, map by map and row by row.
 *
 * @param {Random} random
 * @param {Kind} kind
 * @param {number} p
 * @param {number} block Side of a block.
 * @param {Layer} layer
 */
export function drawTogether(random, kind, p, block, layer) {
  const { maps, side } = layer;
  const area = side * side;
  const coins = new Uint8Array(coinsOf(kind, block, layer));
  if (kind === "blocks") {
    random.drawMask(coins, coins.length, 1 - (1 - p) ** (1 / block ** 2));
    return keptOutsideBlocks(coins, block, layer);
  }
  random.drawMask(coins, coins.length, p);
  if (kind === "numbers") return coins;
  const coinOf = (/** @type {number} */ i) => (kind === "maps" ? Math.floor(i / area) : i % area);
  return Uint8Array.from({ length: maps * area }, (_, i) => coins[coinOf(i)]);
}

/**
 * What no block covers. A block that begins at (i, j) of the larger grid covers the places from
 * (i - block + 1, j - block + 1) to (i, j) of the map.
 *
 * @param {Uint8Array} coins 0 where a block begins, on a grid that is larger by block - 1.
 * @param {number} block
 * @param {Layer} layer
 */
function keptOutsideBlocks(coins, block, { maps, side }) {
  const wide = side + block - 1;
  const kept = new Uint8Array(maps * side * side).fill(1);
  for (const [k, coin] of coins.entries()) {
    if (coin) continue;
    const [map, i, j] = [Math.floor(k / wide ** 2), Math.floor(k / wide) % wide, k % wide];
    for (let row = Math.max(i - block + 1, 0); row <= Math.min(i, side - 1); row++) {
      const start = (map * side + row) * side;
      kept.fill(0, start + Math.max(j - block + 1, 0), start + Math.min(j, side - 1) + 1);
    }
  }
  return kept;
}
