// Prints, as JSON, the examples per second of processor time in every round, for each net:
//
//   node measure.mjs N_ROUNDS [ADDRESS of the other core]

import { drawDataset } from "../../lib/dropoutlab/explorables/playground/datasets.js";
import { Network } from "../../lib/dropoutlab/explorables/shared/network.js";
import { Random } from "../../lib/dropoutlab/explorables/shared/random.js";

const [N_POINTS, BATCH_SIZE, LR, EPOCHS] = [300, 10, 0.03, 500];
const [nRounds, address] = process.argv.slice(2);
const { training } = drawDataset({ shape: "moons", nTraining: N_POINTS, nTest: 2, noise: 0.2, seed: 0 });

/** An epoch of ours, as the playground takes it. */
function ours(p) {
  const net = new Network({ widths: [2, 8, 8, 1], activation: "tanh" });
  const [rows, rng] = [new Uint32Array(N_POINTS), new Random(0)];
  const options = { lr: LR, p };
  return () => {
    rng.permute(rows);
    for (let start = 0; start < N_POINTS; start += BATCH_SIZE) {
      net.trainBatch(training.x, training.labels, rows, start, BATCH_SIZE, options);
    }
  };
}

/** An epoch of the other one: the loop of `oneStep` in its playground.ts. */
async function theirs() {
  const nn = await import(address);
  const { TANH } = nn.Activations;
  const network = nn.buildNetwork([2, 8, 8, 1], TANH, TANH, null, ["x", "y"]);
  const points = Array.from(training.labels, (label, i) => ({
    input: [...training.x.subarray(2 * i, 2 * i + 2)],
    label: label ? 1 : -1,
  }));
  return () => {
    points.forEach(({ input, label }, i) => {
      nn.forwardProp(network, input);
      nn.backProp(network, label, nn.Errors.SQUARE);
      if ((i + 1) % BATCH_SIZE === 0) nn.updateWeights(network, LR, 0);
    });
  };
}

const nets = { ours: ours(0), "ours, p=0.5": ours(0.5) };
if (address) nets["TensorFlow's Playground"] = await theirs();
const speeds = Object.fromEntries(Object.keys(nets).map((name) => [name, []]));
for (let round = -1; round < nRounds; round++) {
  for (const [name, epoch] of Object.entries(nets)) {
    const start = process.cpuUsage();
    for (let i = 0; i < EPOCHS; i++) epoch();
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) speeds[name].push((EPOCHS * N_POINTS) / ((user + system) / 1e6)); // -1 warms up
  }
}
console.log(JSON.stringify(speeds));
