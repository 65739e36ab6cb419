// What keys, fingers and addresses mean in a talk, and how large a step is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hashOf, stepIn } from "../../../book/scripts/present/address.js";
import { fitting, largest, smaller } from "../../../book/scripts/present/fit.js";
import { meant } from "../../../book/scripts/present/keys.js";
import { stroke } from "../../../book/scripts/present/touch.js";
import { Typed } from "../../../book/scripts/present/typed.js";

const PLAIN = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
const nowhere = () => false;
/** The focus is in something that these selectors name. @param {string[]} names */
const within =
  (...names) =>
  (/** @type {string} */ selector) =>
    names.some((name) => selector.split(", ").includes(name));

test("arrows, space and the keys of a clicker turn the steps", () => {
  for (const key of ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]) {
    assert.equal(meant({ ...PLAIN, key }, nowhere), "forward");
  }
  for (const key of ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]) {
    assert.equal(meant({ ...PLAIN, key }, nowhere), "back");
  }
  assert.equal(meant({ ...PLAIN, key: " ", shiftKey: true }, nowhere), "back");
  assert.equal(meant({ ...PLAIN, key: "ArrowRight", shiftKey: true }, nowhere), "section");
  assert.equal(meant({ ...PLAIN, key: "ArrowLeft", shiftKey: true }, nowhere), "sectionBack");
  assert.equal(meant({ ...PLAIN, key: "Home" }, nowhere), "first");
  assert.equal(meant({ ...PLAIN, key: "End" }, nowhere), "last");
  assert.equal(meant({ ...PLAIN, key: "d" }, nowhere), "scheme");
  assert.equal(meant({ ...PLAIN, key: "?", shiftKey: true }, nowhere), "help");
  for (const key of ["0", "9"]) assert.equal(meant({ ...PLAIN, key }, nowhere), "digit");
  assert.equal(meant({ ...PLAIN, key: "x" }, nowhere), undefined);
});

test("digits and Enter name a step; any other key drops the digits", () => {
  /** @type {string[]} */
  const told = [];
  const typed = new Typed((digits) => told.push(digits));
  const take = (/** @type {string[]} */ ...keys) => keys.map((key) => typed.take(key, key !== "x"));

  assert.deepEqual(take("1", "2", "Enter"), [0, 0, 12]);
  assert.deepEqual(told, ["1", "12", ""]);
  assert.deepEqual(take("Enter"), [0]);
  assert.deepEqual(take("3", "ArrowRight", "Enter"), [0, 0, 0]);
  assert.deepEqual(take("3", "x", "Enter"), [0, 0, 0]);
  assert.deepEqual(take("1", "2", "3", "4", "Enter").at(-1), 234);
  assert.deepEqual(take("0", "Enter"), [0, 0]);
});

test("a field and an explorable keep their keys, all but Escape", () => {
  for (const name of ["input", "textarea", "select", ".dl-live", "pre"]) {
    for (const key of ["ArrowRight", "ArrowUp", "PageDown", " ", "Home", "c", "Enter", "Backspace"]) {
      assert.equal(meant({ ...PLAIN, key }, within(name)), undefined, `${key} in ${name}`);
    }
    assert.equal(meant({ ...PLAIN, key: "Escape" }, within(name)), "leave");
  }
});

test("a button and a link keep space and Enter, and leave the arrows", () => {
  for (const name of ["button", "a[href]", "summary"]) {
    assert.equal(meant({ ...PLAIN, key: " " }, within(name)), undefined);
    assert.equal(meant({ ...PLAIN, key: "Enter" }, within(name)), undefined);
    assert.equal(meant({ ...PLAIN, key: "ArrowRight" }, within(name)), "forward");
  }
});

test("Escape closes a dialog, not the talk", () => {
  assert.equal(meant({ ...PLAIN, key: "Escape" }, within("dialog")), undefined);
});

test("a shortcut of the browser is not a key of the talk", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) {
    assert.equal(meant({ ...PLAIN, key: "ArrowLeft", [held]: true }, nowhere), undefined);
  }
});

test("a stroke to the left goes on, to the right back, up or down nowhere", () => {
  assert.equal(stroke(-120, 20, 0.9), "forward");
  assert.equal(stroke(120, -20, 0.1), "back");
  assert.equal(stroke(-120, 80, 0.5), undefined);
  assert.equal(stroke(-40, 0, 0.5), undefined);
  assert.equal(stroke(0, 300, 0.5), undefined);
});

test("a tap goes on, at the left edge back", () => {
  assert.equal(stroke(3, -4, 0.5), "forward");
  assert.equal(stroke(0, 0, 0.29), "back");
  assert.equal(stroke(8, 8, 0.5), undefined);
});

test("an address names a step, or none", () => {
  assert.equal(stepIn(hashOf(12)), 12);
  for (const hash of ["", "#wrong-labels", "#present", "#present=0", "#present=1x", "#present=-1", "#present=99999"]) {
    assert.equal(stepIn(hash), undefined, hash);
  }
});

test("text is as large as the window allows, and on a phone as on its page", () => {
  assert.equal(largest(1024, 720), 1.6);
  assert.equal(largest(390, 790), 1);
  assert.equal(largest(1920, 430), 1);
  assert.equal(largest(8000, 8000), 2.6);
});

test("the largest scale that fits is found, or the smallest", () => {
  for (const limit of [1.05, 1.3, 1.59]) {
    const found = fitting(1.6, (scale) => scale <= limit);
    assert.ok(found <= limit && found > limit - 0.01, `${found} for ${limit}`);
  }
  assert.equal(
    fitting(1.6, () => true),
    1.6,
  );
  assert.equal(
    fitting(1.6, () => false),
    1,
  );
  assert.equal(
    fitting(1, () => false),
    1,
  );
  assert.ok(smaller(1.5) < 1.5);
  assert.equal(smaller(1.01), 1);
});
