// What every explorable does in a notebook before it is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";

import { proseParts } from "../../../lib/dropoutlab/explorables/shared/lifecycle.js";

test("what stands between backticks is code", () => {
  globalThis.document = {
    createElement: (name) => ({
      name,
      append(text) {
        this.text = text;
      },
    }),
  };

  const [before, { name, text }, ...after] = proseParts("Call `net.eval()` if p < 1.");

  assert.deepEqual([before, name, text, after], ["Call ", "code", "net.eval()", [" if p < 1."]]);
  assert.deepEqual(proseParts("A lone ` stays."), ["A lone ` stays."]);
});
