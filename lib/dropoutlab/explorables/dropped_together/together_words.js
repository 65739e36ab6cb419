// What is dropped, what its neighbours know, and how it is read, in words.

/** @import { Kind } from "./kinds.js" */
/** @import { Draws } from "./draws.js" */

/** @type {Record<Kind, string>} */
export const KIND_NAMES = {
  numbers: "each number",
  blocks: "each block",
  maps: "each map",
  places: "each place in all maps",
};

/** A share in per cent. @param {number} share */
export const percent = (share) => (Number.isNaN(share) ? "–" : `${Math.round(100 * share) || 0} %`.replace("-", "−"));

/** Who is read how often. @param {Draws} draws */
export function describeReads({ reads }) {
  const most = Math.max(...reads);
  return `${most} of ${reads.reduce((sum, count) => sum + count, 0)} as ${reads.indexOf(most)}`;
}

/** @param {Kind} kind @param {Draws} draws */
export function describeDraws(kind, draws) {
  const dropped = percent(1 - draws.first.reduce((sum, kept) => sum + kept, 0) / draws.first.length);
  const known = Number.isNaN(draws.known)
    ? "nothing is dropped"
    : `their neighbours know ${percent(draws.known)} of what is dropped`;
  return (
    `One coin for ${KIND_NAMES[kind]}. In this draw ${dropped} of the numbers are gone. Over a hundred draws ` +
    `${known}; the digit is read ${describeReads(draws)}, and as ${draws.whole} with nothing dropped.`
  );
}
