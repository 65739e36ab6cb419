// What every explorable does in a notebook, whatever it draws.

import assert from "node:assert/strict";
import { test } from "node:test";
import { explorable, proseParts, remembered } from "../../../lib/dropoutlab/explorables/shared/lifecycle.js";

test("what stands between backticks is code", () => {
  const made = [];
  const createElement = (name) => ({ name, append: (text) => made.push([name, text]) });
  Object.assign(globalThis, { document: { createElement } });

  const [before, , ...after] = proseParts("Call `net.eval()` if p < 1.");

  assert.deepEqual([before, made, after], ["Call ", [["code", "net.eval()"]], [" if p < 1."]]);
  assert.deepEqual(proseParts("A lone ` stays."), ["A lone ` stays."]);
});

/** @import { Model } from "../../../lib/dropoutlab/explorables/shared/controls.js" */

/** An element and a model, and the events that the element is listened to for. */
function scene() {
  const heard = new Set();
  const el = {
    classList: new Set(),
    addEventListener(event, _, { signal }) {
      heard.add(event);
      signal.addEventListener("abort", () => heard.delete(event));
    },
  };
  const view = {
    el: /** @type {HTMLElement} */ (/** @type {unknown} */ (el)),
    model: /** @type {Model<{}>} */ (/** @type {unknown} */ ({ get: () => undefined })),
  };
  return { view, heard };
}

test("the clean-up of a view removes its listeners", () => {
  const { view, heard } = scene();
  const close = explorable(({ el, signal }) => el.addEventListener("click", () => {}, { signal })).render(view);

  assert.deepEqual([...heard], ["focusin", "click"]);
  close();
  assert.equal(heard.size, 0);
});

test("a view that fails to begin leaves no listener behind", () => {
  const { view, heard } = scene();
  const failing = explorable(({ el, signal }) => {
    el.addEventListener("click", () => {}, { signal });
    throw new Error("no room");
  });

  assert.throws(() => failing.render(view), /no room/);
  assert.equal(heard.size, 0);
});

test("what is remembered is computed again when an argument is another one, whatever else was asked for", () => {
  let calls = 0;
  const counting = () => remembered((a, b) => ({ a, b, call: ++calls }));
  const [one, other] = [counting(), counting()];
  const list = [1];

  const first = one(list, 0);
  other(list, 0);
  assert.equal(one(list, 0), first);
  assert.notEqual(one([1], 0), first); // an equal list is another one
  assert.notEqual(one(list, 0).call, first.call);
  one(list, NaN);
  calls = 10;
  assert.ok(one(list, NaN).call < 10);
  assert.equal(one(list, -0).call, 11); // JSON knows no NaN, and no -0
  assert.equal(one(list, 0).call, 12);
});
