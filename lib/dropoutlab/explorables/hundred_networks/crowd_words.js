// What is shown to the networks, and what they say of it, in words.

import { largestOf } from "./voters.js";

/** @import { Shown } from "./pad.js" */
/** @import { Verdict } from "./voters.js" */

/** @param {number} bits */
export const bitsText = (bits) => bits.toFixed(2);

/** A share; only what is certain is called 0 or 1. @param {number} share */
export function shareText(share) {
  if (share > 0 && share < 0.005) return "<0.01";
  return share < 1 && share >= 0.995 ? ">0.99" : share.toFixed(2);
}

/** @param {number} n @param {string} thing */
const several = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

/** What is shown, in words. @param {Shown} shown @param {number[]} labels Of the real digits. */
export function describeShown({ digit, rotation, strokes }, labels) {
  const way = rotation < 0 ? "anticlockwise" : "clockwise";
  const turn = rotation ? `, turned by ${several(Math.abs(rotation), "degree")} ${way}` : "";
  if (digit >= 0) return `A real ${labels[digit]}${turn}`;
  if (strokes.length === 0) return "An empty canvas";
  return `A drawing of ${several(strokes.length, "stroke")}${turn}`;
}

/** Who votes for what, in words. @param {Pick<Verdict, "votes" | "whole" | "voteEntropy" | "entropy">} verdict */
export function describeVotes({ votes, whole, voteEntropy, entropy }) {
  const first = largestOf(votes);
  const total = votes.reduce((sum, count) => sum + count, 0);
  const read = largestOf(whole);
  const opinion = `The whole net ${read === first ? "agrees" : `says ${read}`} (probability ${shareText(whole[read])})`;
  return (
    `${votes[first]} of ${total} networks vote for ${first}: ${bitsText(voteEntropy)} bits of entropy in the votes, ` +
    `${bitsText(entropy)} in the mean prediction. ${opinion}.`
  );
}
