// Which sections were read, and where the reader is.

/** Where a section begins and ends in the window, in pixels. @typedef {{ top: number, bottom: number }} Box */

const DWELL = 3000; // milliseconds: who jumps to the end has not read what lies between

/** The sections whose end stands in a window. @param {readonly Box[]} boxes @param {number} height */
export function endingIn(boxes, height) {
  return boxes.flatMap(({ bottom }, i) => (bottom > 0 && bottom <= height ? [i] : []));
}

/** The section being read: the last that begins above the upper third. @param {readonly Box[]} boxes @param {number} height */
export function currentOf(boxes, height) {
  return boxes.findLastIndex(({ top }) => top < height / 3);
}

/**
 * Tell what has stayed for a while in a window that can be seen.
 *
 * @param {readonly Element[]} sections
 * @param {{ ended: (section: number) => void, reached: (section: number) => void }} does
 */
export function followPlaces(sections, { ended, reached }) {
  /** What is in the window, and when it will have stayed. @type {Map<string, ReturnType<typeof setTimeout>>} */
  const waiting = new Map();
  let asked = false;

  const look = () => {
    asked = false;
    const away = document.hidden || "presenting" in document.documentElement.dataset;
    const boxes = away ? [] : sections.map((each) => each.getBoundingClientRect());
    const at = currentOf(boxes, innerHeight);
    /** @type {Map<string, () => void>} */
    const here = new Map(endingIn(boxes, innerHeight).map((i) => [`end ${i}`, () => ended(i)]));
    if (at >= 0) here.set(`at ${at}`, () => reached(at));
    for (const [name, timer] of waiting) {
      if (here.has(name)) continue;
      clearTimeout(timer);
      waiting.delete(name);
    }
    for (const [name, tell] of here) {
      if (!waiting.has(name)) waiting.set(name, setTimeout(tell, DWELL));
    }
  };
  const ask = () => {
    if (!asked) requestAnimationFrame(look);
    asked = true;
  };
  for (const type of ["scroll", "resize", "pageshow"]) addEventListener(type, ask, { passive: true });
  document.addEventListener("visibilitychange", look); // no frame is drawn of what is hidden
}
