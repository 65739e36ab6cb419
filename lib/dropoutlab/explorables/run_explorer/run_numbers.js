// Numbers of many runs, laid out by setting.

import { placeOf } from "../shared/controls.js";

/** @typedef {"error" | "loss"} Metric */
/** @typedef {number | string | boolean} Value Of a parameter. */
/** @typedef {Record<string, Value[]>} Parameters Every value that was run, by name. */
/** @typedef {{ metric: Metric } & Record<string, Value>} Setting A value for each parameter. */

/**
 * A mean and the half-width of its interval, for one number or along the steps.
 *
 * @template Kind
 * @typedef {{ mean: Kind, half: Kind }} Estimate
 */

/**
 * What was measured by one metric. Curves for all settings are `Measured<number[][], number[]>`,
 * those of one setting `Measured<number[], number>`.
 *
 * @template Curve, End
 * @typedef {{ train: Estimate<Curve>, validation: Estimate<Curve>, test: Estimate<End>, difference: Estimate<End> }} Measured
 */

/**
 * As `run_numbers()` in Python returns it: with the day if it was recorded, and with learning
 * rates if they were chosen.
 *
 * @typedef {{ parameters: Parameters, n_seeds: number, recorded: string | null, axis: string,
 *   steps: number[], lr: number[] | null, note?: string,
 * } & Record<Metric, Measured<number[][], number[]>>} Runs
 */

/**
 * Where a setting stands among all combinations of the parameters, the last varying fastest.
 *
 * @param {Parameters} parameters
 * @param {Record<string, Value>} chosen
 */
export function rowOf(parameters, chosen) {
  return Object.entries(parameters).reduce(
    (at, [name, values]) => at * values.length + placeOf(values, chosen[name]),
    0,
  );
}

/**
 * What was measured at a setting, and the learning rate if one was chosen.
 *
 * @param {Runs} runs
 * @param {Setting} chosen
 * @returns {Measured<number[], number> & { lr?: number }}
 */
export function lookUp(runs, chosen) {
  const row = rowOf(runs.parameters, chosen);
  const { train, validation, test, difference } = runs[chosen.metric];
  return {
    lr: runs.lr?.[row],
    train: atRow(train, row),
    validation: atRow(validation, row),
    test: atRow(test, row),
    difference: atRow(difference, row),
  };
}

/**
 * @template Kind
 * @param {Estimate<Kind[]>} all
 * @param {number} row
 * @returns {Estimate<Kind>}
 */
function atRow({ mean, half }, row) {
  return { mean: mean[row], half: half[row] };
}

/** The values of the first parameter, which results are drawn against; the first is the baseline. @param {Runs} runs */
export function axisOf({ parameters }) {
  const [[name, values]] = Object.entries(parameters);
  return { name, values, baseline: values[0] };
}
