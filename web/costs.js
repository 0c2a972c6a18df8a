/* SPDX-License-Identifier: MIT */
/* costs.js: what each iteration of a loop takes, in nanoseconds: of a named shape, or as recorded from a run.
 *
 * Costs are kept as running sums, as bench/simulate/simulator.h has them: sum(i) is the time of iterations 0 ... i-1.
 * Recorded loops have one time for each bin of iterations, within which all count as equal. */

/** Costs of single iterations. */
export function costsOf(values) {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return {count: values.length, longest: longestOf(values), sum: (i) => sums[i]};
}

/** Costs of `bins` of `width` iterations each, but for the last one, of `count` iterations in all. */
export function costsOfBins(count, width, bins) {
  const sums = new Float64Array(bins.length + 1);
  let longest = 0;
  for (let b = 0; b < bins.length; b++) {
    const size = Math.min(width, count - b * width);
    sums[b + 1] = sums[b] + bins[b];
    longest = Math.max(longest, bins[b] / size);
  }
  const sum = (i) => {
    const b = Math.floor(i / width),
      inside = i - b * width;
    if (inside === 0 || b >= bins.length) return sums[Math.min(b, bins.length)];
    return sums[b] + (bins[b] * inside) / Math.min(width, count - b * width);
  };
  return {count, longest, sum};
}

function longestOf(values) {
  let longest = 0;
  for (const value of values) if (value > longest) longest = value;
  return longest;
}

/** Above 0 and up to 1; looks random, and is the same every time. */
function partOf(i) {
  let x = Math.imul(i + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (((x ^ (x >>> 16)) >>> 0) + 1) / 4294967296;
}

const COLUMNS = 24,
  ESCAPE_MAX = 256;

/** Steps until the points of row i of n of a picture of the Mandelbrot set are known to be outside. */
function mandelbrotRow(i, n) {
  const y0 = (2.5 * (i + 0.5)) / n - 1.25;
  let steps = 0;
  for (let column = 0; column < COLUMNS; column++) {
    const x0 = (3 * (column + 0.5)) / COLUMNS - 2.25;
    let x = 0,
      y = 0;
    for (let k = 0; k < ESCAPE_MAX && x * x + y * y <= 4; k++) {
      const next = x * x - y * y + x0;
      y = 2 * x * y + y0;
      x = next;
      steps++;
    }
  }
  return steps;
}

/** Loops whose iterations differ in named ways. `cost` is relative: the mean is set afterwards. */
export const shapes = [
  {name: 'balanced', about: 'all iterations cost the same', cost: () => 1},
  {
    name: 'triangle',
    about: 'iteration i costs in proportion to i + 1, as in a loop over rows of a triangle',
    cost: (i) => i + 1,
  },
  {name: 'falling', about: 'the first iterations cost most, the last ones next to nothing', cost: (i, n) => n - i},
  {
    name: 'one heavy',
    about: 'one iteration, in the last tenth, costs as much as a tenth of all the others',
    cost: (i, n) => (i === Math.floor(0.93 * n) ? Math.max(n / 10, 2) : 1),
  },
  {name: 'random', about: 'between nothing and twice the mean, at random', cost: partOf},
  {
    name: 'power law',
    about: 'a few iterations cost hundreds of times the others, at random places',
    cost: (i) => Math.max(partOf(i), 1e-6) ** (-1 / 1.5),
  },
  {
    name: 'Mandelbrot',
    about: 'rows of a Mandelbrot picture: neighbours cost alike, the middle ones most',
    cost: mandelbrotRow,
  },
];

/** n iterations of the shape that take `mean` ns on average. */
export function costsOfShape(shape, n, mean) {
  const values = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) total += values[i] = shape.cost(i, n);
  for (let i = 0; i < n; i++) values[i] *= (mean * n) / total;
  return costsOf(values);
}
