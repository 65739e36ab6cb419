// Random numbers that a seed decides, the same in every browser.

const WORDS = 2 ** 32; // how many values 32 bits have

/**
 * A stream of random numbers, by the generator sfc32 of C. Doty-Humphrey (PractRand): three
 * words that are mixed, and a counter, so that no stream comes round before 2^32 numbers.
 */
export class Random {
  #state = new Uint32Array(4);

  /**
   * @param {number} seed An integer of at least 0.
   * @param {number} stream Another one; it makes other numbers of the same seed.
   */
  constructor(seed, stream = 0) {
    checkInteger("seed", seed, 0);
    checkInteger("stream", stream, 0);
    this.#state.set([seed, seed / WORDS, stream, 1]);
    for (let i = 0; i < 16; i++) this.word(); // by then every bit of the seed has reached the rest
  }

  /** Of 2^32 integers from 0 on, one. */
  word() {
    const state = this.#state;
    const b = state[1];
    const c = state[2];
    const word = (state[0] + b + state[3]) >>> 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + word;
    state[3]++;
    return word;
  }

  /** A number in [0, 1), with the 53 bits that a double can hold. */
  uniform() {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53;
  }

  /** A number from the normal distribution with mean 0 and variance 1 (Box and Muller). */
  normal() {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform())); // 1 - u is never 0
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer from 0 to n - 1. @param {number} n */
  below(n) {
    return Math.floor(this.uniform() * n);
  }

  /**
   * Fill an array with the numbers from 0 to its length - 1, in random order.
   *
   * @param {Uint32Array | Int32Array} rows
   */
  permute(rows) {
    for (let i = 0; i < rows.length; i++) {
      const j = this.below(i + 1);
      rows[i] = rows[j];
      rows[j] = i;
    }
  }

  /**
   * Draw the first n entries of a mask: 0, dropped, with probability p, else 1.
   *
   * @param {Uint8Array} mask
   * @param {number} n
   * @param {number} p
   */
  drawMask(mask, n, p) {
    // `word` once more, with the state in local variables: masks take most of all numbers.
    const state = this.#state;
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let counter = state[3];
    const dropped = p * WORDS;
    for (let i = 0; i < n; i++) {
      const word = (a + b + counter++) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      mask[i] = word >>> 0 < dropped ? 0 : 1;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = counter;
  }
}

/**
 * Refuse what is not an integer of at least `least`.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {number} least
 */
export function checkInteger(name, value, least) {
  if (!(typeof value === "number" && Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(`${name} must be an integer of at least ${least}, got ${value}`);
  }
}

/**
 * Refuse what is not a number from `low` to below `high`; NaN is not.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {number} low
 * @param {number} high
 */
export function checkNumber(name, value, low, high) {
  if (!(typeof value === "number" && value >= low && value < high)) {
    throw new RangeError(`${name} must be a number in [${low}, ${high}), got ${value}`);
  }
}
