// How large a step can be shown without being cut off.

const [STEPS, SMALLEST, LARGEST] = [6, 1, 2.6];
// The lines of the text are so wide, and a screen of a talk holds so much: in pixels of the page.
const [WIDTH, HEIGHT] = [640, 430];

/** The largest scale for a window. @param {number} width @param {number} height */
export function largest(width, height) {
  return Math.min(Math.max(Math.min(width / WIDTH, height / HEIGHT), SMALLEST), LARGEST);
}

/**
 * The largest scale at which something fits, or the smallest.
 *
 * @param {number} most
 * @param {(scale: number) => boolean} fits
 */
export function fitting(most, fits) {
  if (most <= SMALLEST || fits(most)) return Math.max(most, SMALLEST);
  let [low, high] = [SMALLEST, most];
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A little less, where a scale proved too large. @param {number} scale */
export function smaller(scale) {
  return Math.max(scale * 0.95, SMALLEST);
}
