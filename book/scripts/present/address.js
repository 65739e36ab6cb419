// The step of a talk in the address of its page: #present=12.

/** The step that an address names, if it names one; the first is 1. @param {string} hash */
export function stepIn(hash) {
  const found = /^#present=([1-9]\d{0,3})$/.exec(hash);
  return found ? Number(found[1]) : undefined;
}

/** @param {number} step */
export function hashOf(step) {
  return `#present=${step}`;
}
