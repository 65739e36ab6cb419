// The number of a step, typed: digits, then Enter.

const MOST = 3;

/** Gathers digits until Enter; any other key drops them. */
export class Typed {
  digits = "";

  /** @param {(digits: string) => void} tell Called when what is typed changes. */
  constructor(tell) {
    this.tell = tell;
  }

  /**
   * @param {string} key
   * @param {boolean} isOurs Whether the key belongs to the talk.
   * @returns {number} The number that Enter has ended; 0 if there is none.
   */
  take(key, isOurs) {
    const before = this.digits;
    const number = isOurs && key === "Enter" ? Number(before) : 0;
    this.digits = isOurs && /^\d$/.test(key) ? (before + key).slice(-MOST) : "";
    if (this.digits !== before) this.tell(this.digits);
    return number;
  }
}
