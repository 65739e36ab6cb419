// Layers with a byte a weight, as byte_layers.py packs them.

/** Row k of `weight` holds the weights of output k. @typedef {{ weight: Float64Array, bias: Float64Array }} ByteLayer */

/** The bytes that a base64 text stands for. @param {string} text */
export function decodeBytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Unpack layers: for each int8 weights row by row, then float32 scales, then biases.
 *
 * @param {string} text
 * @param {[number, number][]} shapes Rows and columns of each.
 * @returns {ByteLayer[]}
 */
export function unpackLayers(text, shapes) {
  const { buffer } = decodeBytes(text);
  const view = new DataView(buffer);
  let at = 0;
  return shapes.map(([rows, columns]) => {
    const steps = new Int8Array(buffer, at, rows * columns);
    const floats = Float64Array.from({ length: 2 * rows }, (_, i) =>
      view.getFloat32(at + rows * columns + 4 * i, true),
    );
    at += rows * (columns + 8);
    return {
      weight: Float64Array.from(steps, (step, k) => step * floats[Math.floor(k / columns)]),
      bias: floats.subarray(rows),
    };
  });
}

/** What a layer puts out. @param {ByteLayer} layer @param {Float64Array} x */
export function byteLayer({ weight, bias }, x) {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0, k = row * x.length; i < x.length; i++, k++) sum += weight[k] * x[i];
    return sum;
  });
}
