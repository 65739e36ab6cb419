// Numbers in words.

import { signed } from "../explorables/shared/chart.js";

/**
 * How a guess is written: digits after the point, or significant ones on a logarithmic scale.
 *
 * @typedef {{ unit: string, digits: number, log: boolean }} Writing
 */

/** A guess, no finer than a hand can set it. @param {number} value @param {Writing} writing */
export function rounded(value, { digits, log }) {
  return Number(log ? value.toPrecision(digits) : value.toFixed(digits));
}

/** A guess with its unit. @param {number} value @param {Writing} writing */
export function written(value, writing) {
  const { unit, digits, log } = writing;
  const options = log
    ? { maximumFractionDigits: 12 }
    : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return signed(rounded(value, writing).toLocaleString("en", options)) + (unit && `\u00a0${unit}`);
}

/** A sentence's first letter as it must be; a letter alone is a symbol. @param {string} text */
export function capital(text) {
  return text.replace(/^[a-z](?=[a-z])/, (letter) => letter.toUpperCase());
}

/** Several things in one line: a, b and c. @param {string[]} parts */
export function listed(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}` : parts.join("");
}

/** A text in which a number, its interval and its unit stay in one line. @param {string} text */
export function unbroken(text) {
  return text.replace(/ (?=[±%=])|(?<=[±=]) /g, "\u00a0");
}
