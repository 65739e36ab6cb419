// What the run explorer says of its numbers.

import { signed } from "../shared/chart.js";
import { axisOf, lookUp } from "./run_numbers.js";

/** @import { Estimate, Measured, Metric, Runs, Setting, Value } from "./run_numbers.js" */

/** @type {Record<string, string>} */
const LABELS = {
  p: "Dropout p",
  width: "Units in a layer",
  n: "Training digits",
  wrong: "Wrong labels",
  depth: "Hidden layers",
};
export const Y_NAMES = { error: "error (%)", loss: "loss (nats)" };
const UNITS = { error: " %", loss: "" };

/** A parameter as its control calls it. @param {string} name */
export function labelOf(name) {
  return LABELS[name] ?? name;
}

/** A value in words. @param {string} name @param {Value} value */
export function worded(name, value) {
  return name === "wrong" ? `${Math.round(100 * Number(value))} %` : signed(value);
}

/**
 * A mean and the half-width of its interval, in words.
 *
 * @param {Estimate<number>} estimate
 * @param {Metric} metric
 */
export function estimated({ mean, half }, metric) {
  const decimals = metric === "error" ? 1 : 2;
  return [mean, half].map((number) => signed(number.toFixed(decimals))).join(" ± ");
}

/** What an interval of a difference in errors says, in a few words. @param {Estimate<number>} difference */
export function verdict({ mean, half }) {
  if (mean + half < 0) return "It helps here.";
  return mean - half > 0 ? "It does harm here." : "No effect to be seen here.";
}

/**
 * The end result of a setting, with its unit.
 *
 * @param {Runs} runs
 * @param {Setting} now
 */
function ended(runs, now) {
  const { name } = axisOf(runs);
  const { test } = lookUp(runs, now);
  return { at: `${name} = ${signed(now[name])}`, test: `${estimated(test, now.metric)}${UNITS[now.metric]}` };
}

/**
 * The end result of the chosen setting, against the baseline.
 *
 * @param {Runs} runs
 * @param {Setting} now
 */
export function sentence(runs, now) {
  const { metric } = now;
  const { name, baseline } = axisOf(runs);
  const base = { ...now, [name]: baseline };
  const { at, test } = ended(runs, now);
  const from = ended(runs, base);
  const { lr, difference } = lookUp(runs, now);
  const basis = `${runs.n_seeds} seeds, 95 % intervals${runs.recorded ? `; recorded on ${runs.recorded}` : ""}.`;
  const start = `${at}: test ${metric} ${test}`;
  if (at === from.at) return `The baseline. ${start}. ${basis}`;
  const points = metric === "error" ? " points" : "";
  const rates = runs.lr ? ` Learning rates, chosen on validation digits: ${lr} and ${lookUp(runs, base).lr}.` : "";
  return (
    `${verdict(difference)} ${start}; ${from.at}: ${from.test}. ` +
    `Difference, paired by seed: ${estimated(difference, metric)}${points}. ${basis}${rates}`
  );
}

/**
 * The end result of a setting, and how it was trained.
 *
 * @param {Runs} runs
 * @param {Setting} now
 */
export function pointInWords(runs, now) {
  const { at, test } = ended(runs, now);
  const { lr } = lookUp(runs, now);
  return `${at}: test ${now.metric} ${test}${lr === undefined ? "" : `, learning rate ${lr}`}`;
}

/**
 * What a curve is at a step.
 *
 * @param {Estimate<number[]>} curve
 * @param {number} k
 * @param {Metric} metric
 */
export function stepInWords({ mean, half }, k, metric) {
  return estimated({ mean: mean[k], half: half[k] }, metric);
}
