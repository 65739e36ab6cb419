// Prints how many bytes the heap grows with every step of training; `network.test.js` runs this
// in a process of its own, where nothing else allocates.

import { setTimeout } from "node:timers/promises";

import { Network } from "../../../lib/dropoutlab/explorables/shared/network.js";
import { Random } from "../../../lib/dropoutlab/explorables/shared/random.js";

const net = new Network({ widths: [2, 32, 32, 1] });
const rng = new Random(0);
const rows = new Uint32Array(300);
const x = Float64Array.from({ length: 600 }, () => rng.normal());
const labels = Uint8Array.from({ length: 300 }, () => rng.below(2));
const options = { lr: 0.03, p: 0.5, pInput: 0.2, momentum: 0.9, weightDecay: 0.001 };
rng.permute(rows);

function train(epochs) {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let start = 0; start < 300; start += 10) net.trainBatch(x, labels, rows, start, 10, options);
  }
}

/** Bytes a step. So few steps that even an array in each would not be collected meanwhile. */
function growth() {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  train(25);
  return (process.memoryUsage().heapUsed - before) / 750;
}

// Until the code is compiled for good: before that, every number in between may take memory.
for (let i = 0; i < 20; i++) {
  train(25);
  await setTimeout(5);
}
console.log(Array.from({ length: 9 }, growth).sort((a, b) => a - b)[4]);
