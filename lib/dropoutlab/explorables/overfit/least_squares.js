// Polynomials of least squares on [-1, 1], without garbage at high degrees.

/**
 * The first `n` Legendre polynomials at `x`. Unlike the powers of x, they are nearly
 * perpendicular to one another, so that a fit of degree 15 keeps its digits.
 *
 * @param {number} x
 * @param {number} n
 */
export function legendre(x, n) {
  const values = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    values[k] = k === 0 ? 1 : k === 1 ? x : ((2 * k - 1) * x * values[k - 1] - (k - 1) * values[k - 2]) / k;
  }
  return values;
}

/**
 * The shortest vector c that minimises |A c - b|: there is one for every A, also where points
 * are fewer than coefficients or coincide. By the singular value decomposition of A, with the
 * one-sided rotations of Jacobi; singular values below 1e-10 of the largest count as zero.
 *
 * @param {Float64Array[]} rows Of A.
 * @param {ArrayLike<number>} b
 * @returns {Float64Array}
 */
export function leastSquares(rows, b) {
  const [m, n] = [rows.length, rows[0].length];
  const u = Array.from({ length: n }, (_, j) => Float64Array.from(rows, (row) => row[j])); // columns
  const v = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => Number(i === j)));
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const [pp, qq, pq] = [dot(u[p], u[p]), dot(u[q], u[q]), dot(u[p], u[q])];
        if (Math.abs(pq) <= 1e-15 * Math.sqrt(pp * qq)) continue;
        rotated = true;
        const zeta = (qq - pp) / (2 * pq);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(u[p], u[q], c, c * t);
        rotate(v[p], v[q], c, c * t);
      }
    }
  }
  const squares = u.map((column) => dot(column, column));
  const smallest = Math.max(...squares) * 1e-20;
  const solution = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    if (squares[j] <= smallest) continue;
    let along = 0;
    for (let i = 0; i < m; i++) along += u[j][i] * b[i];
    for (let k = 0; k < n; k++) solution[k] += (along / squares[j]) * v[j][k];
  }
  return solution;
}

/** A point [x, y]. @typedef {number[]} Point */

/**
 * The coefficients of the polynomial of a degree that fits the points best.
 *
 * @param {Point[]} points
 * @param {number} degree
 */
export function fitPolynomial(points, degree) {
  return leastSquares(
    points.map(([x]) => legendre(x, degree + 1)),
    points.map(([, y]) => y),
  );
}

/** The polynomial with these coefficients at x. @param {Float64Array} coefficients @param {number} x */
export function evaluate(coefficients, x) {
  return dot(coefficients, legendre(x, coefficients.length));
}

/** @param {Float64Array} a @param {Float64Array} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Turn two columns. @param {Float64Array} a @param {Float64Array} b @param {number} c @param {number} s */
function rotate(a, b, c, s) {
  for (let i = 0; i < a.length; i++) {
    const x = a[i];
    a[i] = c * x - s * b[i];
    b[i] = s * x + c * b[i];
  }
}
