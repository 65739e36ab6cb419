// What the networks say of what is shown, in words.

import { largestOf } from "./voters.js";

/** @import { Verdict } from "./voters.js" */

/** @param {number} bits */
export const bitsText = (bits) => bits.toFixed(2);

/** A share; only what is certain is called 0 or 1. @param {number} share */
export function shareText(share) {
  if (share > 0 && share < 0.005) return "<0.01";
  return share < 1 && share >= 0.995 ? ">0.99" : share.toFixed(2);
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
