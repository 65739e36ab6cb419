// The comparison in words names the largest difference and says whether the guess lies inside.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeChoice } from "../../../lib/dropoutlab/predictions/choice.js";
import { describeCurves } from "../../../lib/dropoutlab/predictions/curve.js";
import { describeNumbers } from "../../../lib/dropoutlab/predictions/number.js";
import { describeOrder } from "../../../lib/dropoutlab/predictions/order.js";

const look = { color: "#1b6cd0", dash: "", marker: "o" };
const measured = /** @type {[number, number, number][]} */ ([
  [9, 8, 10],
  [10, 9, 11],
  [77, 68, 86],
]);
const error = { label: "test error", look, measured, words: ["9 ± 1 %", "10 ± 1 %", "77 ± 9 %"] };
const axis = { name: "p", ends: [0, 100], ticks: [] };
const prompt = {
  ...{ x: axis, y: axis, at: [0, 0.5, 0.9], places: [0, 1, 2], given: [], lines: {}, about: "", alt: "" },
  ...{ names: ["p = 0", "p = 0.5", "p = 0.9"], curves: [error], basis: "95 %, 6 seeds" },
  writing: { unit: "%", digits: 0, log: false },
};

test("a curve", () => {
  assert.equal(
    describeCurves(prompt, { "test error": [9, 12, 12] }),
    "At p = 0.9 you expected 12\u00a0%; measured 77 ± 9 %. It is your largest miss. " +
      "Inside the interval, or a pen's width from it: 2 of 3 places.",
  );
});

test("a curve of which a part was drawn, with a part that was given", () => {
  const said = describeCurves({ ...prompt, given: [0] }, { "test error": [null, 10, null] });

  assert.match(said, /^At p = 0.5 you expected 10.%; measured 10 ± 1 %\./);
  assert.match(said, /or a pen's width from it: 1 of 1 places\.$/);
});

test("several curves, of which one is named", () => {
  const curves = [
    { ...error, label: "plain" },
    { ...error, label: "dropout" },
  ];
  const guess = { plain: [20, 20, 77], dropout: [9, 10, 0] };

  assert.match(describeCurves({ ...prompt, curves }, guess), /^Dropout: at p = 0.9 you expected 0/);
  assert.match(describeCurves({ ...prompt, curves }, guess), /1 of 3 \(plain\) and 2 of 3 \(dropout\) places\.$/);
});

test("of several curves, the one that the question is about", () => {
  const curves = [
    { ...error, label: "plain" },
    { ...error, label: "dropout" },
  ];
  const asked = { ...prompt, curves, about: "plain" };

  assert.match(
    describeCurves(asked, { plain: [20, 9, 77], dropout: [9, 10, 0] }),
    /^Plain: at p = 0 you expected 20.*It is your largest miss on this curve\./,
  );
  assert.match(describeCurves(asked, { plain: [null, null, null], dropout: [9, 10, 0] }), /^Dropout: at p = 0.9/);
});

test("on a logarithmic axis the largest gap is a factor", () => {
  const y = { ...axis, ends: [0.1, 1000], log: true };

  assert.match(
    describeCurves({ ...prompt, y }, { "test error": [9, 12, 12] }),
    /It is your largest miss, as a factor\./,
  );
});

test("exact curves have no interval to lie in", () => {
  assert.doesNotMatch(describeCurves({ ...prompt, basis: "" }, { "test error": [9, 12, 12] }), /nside/);
});

test("numbers", () => {
  const one = { label: "", measured: measured[2], words: "77 ± 9 %" };
  const exact = { label: "any split", measured: /** @type {[number, number, number]} */ ([95, 95, 95]), words: "95" };
  const numbers = { axis, asked: [one], writing: prompt.writing, basis: "" };

  assert.equal(
    describeNumbers(numbers, { "": 80 }),
    "You expected 80\u00a0%; measured 77 ± 9 %. Your guess lies inside the interval.",
  );
  assert.match(describeNumbers(numbers, { "": 12 }), /outside the interval\.$/);
  assert.equal(
    describeNumbers({ ...numbers, asked: [exact, one] }, { "any split": 50 }),
    "Any split: you expected 50\u00a0%; measured 95.",
  );
});

test("choices", () => {
  const choice = { options: ["one", "two", "three"], right: [1], several: false, answer: "It is two." };

  assert.equal(describeChoice(choice, ["two"]), "You chose “two”, and so it is. It is two.");
  assert.equal(describeChoice(choice, ["one"]), "You chose “one”, and it is not so. It is two.");
  assert.match(describeChoice({ ...choice, right: [1, 2] }, ["two"]), /which the measurement allows/);
  const several = { ...choice, several: true, right: [0, 1] };
  assert.match(describeChoice(several, ["one", "two"]), /^You chose “one” and “two”, and so it is/);
  assert.equal(describeChoice(several, ["one"]), "You chose “one”; measured: “one” and “two”. It is two.");
  assert.match(describeChoice({ ...several, right: [] }, ["one"]), /^You chose “one”; measured: none\./);
  assert.match(describeChoice({ ...several, right: [] }, []), /^You chose none, and so it is/);
});

test("orders", () => {
  const signs = [
    [0, -1, -1],
    [1, 0, 0],
    [1, 0, 0],
  ];
  const order = {
    ...{ labels: ["a", "b", "c"], words: [], measured: [0, 1, 2], places: [], signs, basis: "", answer: "" },
    gaps: [
      [0, 2, 3],
      [2, 0, 1],
      [3, 1, 0],
    ],
    differences: [
      ["0", "−2 ± 1", "−3 ± 1"],
      ["2 ± 1", "0", "−1 ± 1"],
      ["3 ± 1", "1 ± 1", "0"],
    ],
    ends: /** @type {[string, string]} */ (["lowest", "highest"]),
  };

  // b and c are a tie: either way is right.
  for (const guess of [
    ["a", "b", "c"],
    ["a", "c", "b"],
  ]) {
    assert.equal(
      describeOrder(order, guess),
      "Your order is the measured one. One pair the intervals cannot tell apart.",
    );
  }
  assert.equal(
    describeOrder(order, ["b", "c", "a"]),
    "You put c before a; measured it is the other way round, the difference is 3 ± 1. " +
      "Of 2 pairs that can be told apart, 0 stand as measured. One pair the intervals cannot tell apart.",
  );
  const tied = signs.map((row) => row.map(() => 0));
  assert.match(describeOrder({ ...order, signs: tied }, ["c", "b", "a"]), /^No interval tells any two of them apart/);
});
