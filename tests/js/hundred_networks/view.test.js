// Drawings become the pixels that Python makes of them, and the crowd votes as it does there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeVotes } from "../../../lib/dropoutlab/explorables/hundred_networks/crowd_words.js";
import {
  askNetworks,
  decodeReader,
  drawCrowd,
  entropyInBits,
  largestOf,
} from "../../../lib/dropoutlab/explorables/hundred_networks/voters.js";
import { inkStrokes, normaliseInk, poolPixels, turnImage } from "../../../lib/dropoutlab/explorables/shared/ink.js";
import { askedImage, describeShown, unpackDigits } from "../../../lib/dropoutlab/explorables/shared/pad.js";
import { close, golden } from "../golden.js";

const { drawings, images } = golden("digit_inputs");
const votes = golden("hundred_votes");
const blank = new Array(784).fill(0);

drawings.forEach(({ strokes, rotation, image }, i) => {
  test(`drawing ${i}, of ${strokes.length} strokes, turned by ${rotation}°`, () => {
    close(askedImage({ digit: -1, rotation, strokes }, []) ?? blank, image, 1e-8);
  });
});

images.forEach(({ bytes, rotation, image }, i) => {
  test(`image ${i}, turned by ${rotation}°`, () => {
    close(
      askedImage({ digit: 1, rotation, strokes: [] }, [
        new Float64Array(784),
        Float64Array.from(bytes, (byte) => byte / 255),
      ]),
      image,
      1e-8,
    );
  });
});

test("a drawing gives the same pixels wherever on the canvas it is, and however large, but for the pen", () => {
  const at = (x, y, scale) => [
    [
      [x, y],
      [x + 40 * scale, y + 10 * scale],
      [x + 20 * scale, y + 60 * scale],
    ],
  ];
  const pixels = (strokes) => normaliseInk(inkStrokes(strokes));

  close(pixels(at(100, 150, 2)), pixels(at(20, 20, 2)), 1e-9);
  const [small, large] = [pixels(at(50, 50, 1)), pixels(at(50, 50, 3))];
  const inked = (image) => image.reduce((sum, value) => sum + value, 0);
  assert.ok(inked(small) > 1.5 * inked(large));
});

test("without ink there is nothing to ask", () => {
  assert.equal(askedImage({ digit: -1, rotation: 0, strokes: [] }, []), null);
  assert.equal(normaliseInk({ ink: new Float64Array(4), rows: 2, columns: 2 }), null);
});

test("a quarter turn is clockwise", () => {
  const corner = { ink: Float64Array.from([1, 0, 0, 0]), rows: 2, columns: 2 };

  const { ink, rows, columns } = turnImage(corner, 90);

  const heaviest = largestOf(ink);
  assert.ok(heaviest % columns > columns / 2, "on the right");
  assert.ok(Math.floor(heaviest / columns) < rows / 2, "on top");
});

test("a seed stands for a hundred masks, the same as in Python", () => {
  const masks = drawCrowd(votes.seed, decodeReader(votes.reader));

  assert.equal(masks.length, 100);
  assert.deepEqual([...masks[0]], votes.first_mask);
});

votes.cases.forEach(({ image, ...expected }, i) => {
  test(`the crowd votes on image ${i} as in Python`, () => {
    const reader = decodeReader(votes.reader);

    const verdict = askNetworks(reader, Float64Array.from(image), drawCrowd(votes.seed, reader));

    assert.deepEqual(verdict.votes, expected.votes);
    close(verdict.mean, expected.mean, 1e-9);
    close(verdict.whole, expected.whole, 1e-9);
    close(
      [verdict.voteEntropy, verdict.entropy, verdict.disagreement],
      [expected.vote_entropy, expected.entropy, expected.disagreement],
      1e-9,
    );
  });
});

test("networks that are all the whole net agree with it, and with one another", () => {
  const reader = { ...decodeReader(votes.reader), p: 0 };
  const everyone = Array.from({ length: 5 }, () => new Uint8Array(reader.nHidden).fill(1));

  const { mean, whole, voteEntropy, disagreement } = askNetworks(
    reader,
    Float64Array.from(votes.cases[2].image),
    everyone,
  );

  close(mean, whole, 1e-12);
  assert.equal(voteEntropy, 0);
  assert.ok(disagreement < 1e-9);
});

test("masks keep a unit as often as they should, and other seeds make others", () => {
  const [masks, others] = [0, 1].map((seed) =>
    drawCrowd(seed, { ...decodeReader(votes.reader), nHidden: 203, p: 0.3 }),
  );

  const kept = masks.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0);
  assert.ok(Math.abs(kept / (100 * 203) - 0.7) < 0.01);
  assert.notDeepEqual(masks, others);
});

test("entropies have their known values", () => {
  assert.equal(entropyInBits([1, 0, 0]), 0);
  assert.equal(entropyInBits([0.25, 0.25, 0.25, 0.25]), 2);
  assert.equal(entropyInBits([0.5, 0.25, 0.25]), 1.5);
});

test("pixels are averaged two by two", () => {
  const image = new Float64Array(784);
  image[28 * 2 + 27] = 1; // row 2, the last column
  image[28 * 3 + 26] = 0.5;

  const pooled = poolPixels(image);

  assert.equal(pooled[14 + 13], 0.375);
  assert.equal(
    pooled.reduce((sum, value) => sum + value, 0),
    0.375,
  );
});

test("real digits come out of their bytes", () => {
  const bytes = new Uint8Array(2 * 784);
  bytes[784 + 5] = 51;

  const [first, second] = unpackDigits({ images: Buffer.from(bytes).toString("base64"), labels: [4, 7], clear: 0 });

  assert.equal(first.length, 784);
  assert.equal(second[5], 0.2);
});

test("what is shown is said in words", () => {
  const say = (state) => describeShown({ digit: -1, rotation: 0, strokes: [], ...state }, [5, 3]);

  assert.equal(say({}), "An empty canvas");
  assert.equal(say({ digit: 1 }), "A real 3");
  assert.equal(say({ digit: 1, rotation: -1 }), "A real 3, turned by 1 degree anticlockwise");
  assert.equal(say({ strokes: [[[0, 0]]], rotation: 20 }), "A drawing of 1 stroke, turned by 20 degrees clockwise");
  assert.equal(say({ strokes: [[[0, 0]], [[1, 1]]] }), "A drawing of 2 strokes");
});

test("the verdict says who wins, how sure, and whether the whole net agrees", () => {
  const shares = (digit, share) => Array.from({ length: 10 }, (_, i) => (i === digit ? share : (1 - share) / 9));
  const verdict = { votes: [0, 40, 0, 60, 0, 0, 0, 0, 0, 0], voteEntropy: 0.971, entropy: 1.5 };

  assert.equal(
    describeVotes({ ...verdict, whole: shares(1, 0.7) }),
    "60 of 100 networks vote for 3: 0.97 bits of entropy in the votes, 1.50 in the mean prediction. " +
      "The whole net says 1 (probability 0.70).",
  );
  assert.match(
    describeVotes({ ...verdict, whole: shares(3, 0.9999) }),
    /The whole net agrees \(probability >0\.99\)\.$/,
  );
});
