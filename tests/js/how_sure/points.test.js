// The points are Python's; what a reader does to them stays within bounds. And the words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decimal, describeDoubts, times } from "../../../lib/dropoutlab/explorables/how_sure/how_sure_words.js";
import { drawPoints, isInside, pointActions } from "../../../lib/dropoutlab/explorables/how_sure/points.js";
import { close, golden } from "../golden.js";

/** A model that holds traits, and actions on it. */
function scene(points = []) {
  const state = { points, seed: 0, ask_at: 0 };
  const model = {
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
    },
    on() {},
    off() {},
    save_changes() {},
  };
  return { state, actions: pointActions(model) };
}

for (const { seed, points } of golden("how_sure_points")) {
  test(`the points of seed ${seed} are Python's`, () => {
    close(drawPoints(seed).flat(), points.flat(), 1e-12);
  });
}

test("points stay in the frame when they are moved", () => {
  const { state, actions } = scene();
  actions.move(3, [2.7, -9]);

  assert.deepEqual(state.points[3], [2, -2.5]);
  assert.deepEqual(state.points.toSpliced(3, 1), drawPoints(0).toSpliced(3, 1));
  assert.ok(isInside([2, -2.5]) && !isInside([2.01, 0]) && !isInside([0, 2.6]));
});

test("there are never more than 40 points, nor fewer than 2", () => {
  const { actions } = scene();
  const added = Array.from({ length: 30 }, () => actions.add([0.12345, 1]));
  assert.equal(added.filter(Boolean).length, 26);
  assert.equal(actions.now().length, 40);
  assert.deepEqual(actions.now().at(-1), [0.123, 1]);

  const removed = Array.from({ length: 50 }, () => actions.remove(0));
  assert.equal(removed.filter(Boolean).length, 38);
  assert.deepEqual(actions.now(), [
    [0.123, 1],
    [0.123, 1],
  ]);
});

test("the words compare the place with the data", () => {
  const doubts = {
    dropout: { mean: 0, asked: 0.5, onData: 0.4 },
    nets: { mean: 0, asked: 0.6, onData: 0.001 },
    process: { mean: 0, asked: 0, onData: 0 },
  };
  const text = describeDoubts(doubts, -0.5, [
    [1, 0],
    [-1.25, 0],
  ]);

  assert.match(text, /^At x = −0.50, 0.75 from the nearest point, the ± of dropout is 1.3 times/);
  assert.match(text, /five nets 60 times, and that of the Gaussian process 1.0 times\.$/);
  assert.equal(times({ mean: 0, asked: 9.96, onData: 1 }), "10");
  assert.deepEqual([-0.004, -0.126, 2].map(decimal), ["0.00", "−0.13", "2.00"]);
});
