// Reads what Python wrote, and compares with it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The content of golden/NAME.json. */
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf-8"));
}

/** Refuse numbers that differ by more than the tolerance, absolutely and relatively. */
export function close(actual, expected, tolerance) {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    assert.ok(error <= tolerance * Math.max(1, Math.abs(expected[i])), `[${i}]: ${actual[i]}, not ${expected[i]}`);
  }
}
