// Random numbers follow from their seed, and are spread as they should be.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Random } from "../../../lib/dropoutlab/explorables/shared/random.js";

const draws = (n, draw) => Array.from({ length: n }, draw);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** sfc32 once more, in integers of any size. */
function* sfc32(seed, stream) {
  const word = (value) => BigInt.asUintN(32, value);
  let [a, b, c, counter] = [word(seed), word(seed >> 32n), word(stream), 1n];
  for (let i = 0; ; i++) {
    const sum = word(a + b + counter);
    counter = word(counter + 1n);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word((word(c << 21n) | (c >> 11n)) + sum);
    if (i >= 16) yield Number(sum);
  }
}

test("the words are those of sfc32", () => {
  for (const [seed, stream] of [
    [0, 0],
    [1, 0],
    [12345678901234, 3],
  ]) {
    const [rng, expected] = [new Random(seed, stream), sfc32(BigInt(seed), BigInt(stream))];

    assert.deepEqual(
      draws(1000, () => rng.word()),
      draws(1000, () => expected.next().value),
    );
  }
});

test("a seed gives the same numbers again; another seed or stream gives others", () => {
  const first = (seed, stream = 0) => {
    const rng = new Random(seed, stream);
    return draws(5, () => rng.uniform());
  };

  assert.deepEqual(first(1), first(1));
  assert.notDeepEqual(first(1), first(2));
  assert.notDeepEqual(first(1), first(1, 1));
  assert.notDeepEqual(first(1), first(1 + 2 ** 32));
});

test("uniform numbers fill [0, 1) evenly", () => {
  const rng = new Random(3);
  const counts = new Uint32Array(20);
  for (let i = 0; i < 100000; i++) counts[Math.floor(20 * rng.uniform())]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);

  assert.ok(chiSquare > 5 && chiSquare < 45, `${chiSquare}`); // 19 ± 6.2
  assert.ok(
    draws(1000, () => rng.uniform()).some((u) => (u * 2 ** 32) % 1 !== 0),
    "more than 32 bits",
  );
});

test("normal numbers have the moments and tails of a normal distribution", () => {
  const rng = new Random(4);
  const z = draws(200000, () => rng.normal());

  assert.ok(Math.abs(mean(z)) < 0.01);
  assert.ok(Math.abs(mean(z.map((value) => value ** 2)) - 1) < 0.015);
  assert.ok(Math.abs(mean(z.map((value) => value ** 4)) - 3) < 0.15);
  assert.ok(Math.abs(mean(z.map((value) => Number(value > 1.96))) - 0.025) < 0.0015);
});

test("integers below n are 0 to n - 1, equally often", () => {
  const rng = new Random(5);
  const counts = new Uint32Array(7);
  for (let i = 0; i < 70000; i++) counts[rng.below(7)]++;

  assert.ok(
    counts.every((count) => Math.abs(count - 10000) < 400),
    `${counts}`,
  );
});

test("a permutation holds every number once, whatever stood there before", () => {
  const [rows, others] = [new Uint32Array(50), new Int32Array(50).fill(-3)];
  new Random(6).permute(rows);
  new Random(6).permute(others);

  assert.deepEqual(
    [...rows].sort((a, b) => a - b),
    [...rows.keys()],
  );
  assert.notDeepEqual([...rows], [...rows.keys()]);
  assert.deepEqual([...others], [...rows]);
});

test("all permutations of three are equally likely", () => {
  const rng = new Random(7);
  const counts = {};
  const rows = new Uint32Array(3);
  for (let i = 0; i < 60000; i++) {
    rng.permute(rows);
    counts[rows.join("")] = (counts[rows.join("")] ?? 0) + 1;
  }

  assert.equal(Object.keys(counts).length, 6);
  assert.ok(
    Object.values(counts).every((count) => Math.abs(count - 10000) < 400),
    JSON.stringify(counts),
  );
});

test("a mask drops where the word is small, and takes one word an entry", () => {
  for (const p of [0.3, 0.5, 0.9]) {
    const [masking, counting] = [new Random(8), new Random(8)];
    const mask = new Uint8Array(1000).fill(7);
    masking.drawMask(mask, 999, p);

    assert.deepEqual(
      [...mask.subarray(0, 999)],
      draws(999, () => (counting.word() < p * 2 ** 32 ? 0 : 1)),
    );
    assert.equal(mask[999], 7);
    assert.equal(masking.word(), counting.word());
  }
});

test("a seed that is no integer of at least 0 is refused", () => {
  for (const seed of /** @type {number[]} */ (/** @type {unknown[]} */ ([-1, 0.5, NaN, Infinity, "1", undefined]))) {
    assert.throws(() => new Random(seed), { name: "RangeError", message: /^seed must be an integer/ });
  }
  assert.throws(() => new Random(0, -1), { name: "RangeError", message: /^stream must be/ });
});
