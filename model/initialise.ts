/**
 * Initial weights (docs/math/README.md): cell weights orthogonal (Saxe et al. 2014), biases 0 with an LSTM's forget slice at
 * 1, latent and policy weights U(−1/√A, 1/√A), embedding U(−0.1, 0.1), decoder weight U(−0.1, 0.1), decoder bias 0.
 * Of feed-forward layers the two matrices of singular value adaptation are semi-orthogonal; other weights and the biases are
 * U(−1/√I, 1/√I), where I is what the weight reads.
 */
import type { ParameterEntry, ParameterLayout } from '../core/layout.js';
import { Random, streams } from '../core/random.js';

/** Fills `into`, a flat buffer of the layout. Same seed and layout, same bits. */
export function initialise(layout: ParameterLayout, seed: number, into: Float32Array): void {
  layout.entries.forEach((entry, index) => {
    const random = new Random(seed, streams.initialise, index);
    const weight = into.subarray(entry.offset, entry.offset + entry.size);
    if (feedForwardBias.test(entry.name)) uniform(1 / Math.sqrt(inputSize(layout, entry)), random, weight);
    else if (entry.name.endsWith('.bias')) initialiseBias(layout, entry, weight);
    else initialiseWeight(entry, random, weight);
  });
}

/** Of a feed-forward layer, or of its policy's hidden one. A cell's and a latent's have a name in between. */
const feedForwardBias = /^layers\.\d+\.(policy\.hidden\.)?bias$/;

/** Columns of the weight beside a bias that reads the layer's input. */
function inputSize(layout: ParameterLayout, { name }: ParameterEntry): number {
  const weight = ['weight', 'weight_in'].map((kind) => name.replace(/bias$/, kind)).find((each) => layout.has(each));
  if (weight === undefined) throw new TypeError(`There is no weight beside ${name}.`);
  return layout.entry(weight).shape[1] ?? 1;
}

/** A bias of four gates, by the weight beside it, is an LSTM's. */
function initialiseBias(
  layout: ParameterLayout,
  { name, shape: [length = 0] }: ParameterEntry,
  bias: Float32Array,
): void {
  const recurrent = name.replace(/bias$/, 'weight_hh');
  const isLstm = layout.has(recurrent) && length === 4 * (layout.entry(recurrent).shape[1] ?? 0);
  if (isLstm) forgetBias(bias);
  else bias.fill(0);
}

function initialiseWeight({ name, shape }: ParameterEntry, random: Random, weight: Float32Array): void {
  const columns = shape.at(-1) ?? 1;
  if (/cell\.weight_|^layers\.\d+\.weight_(in|out)$/.test(name)) {
    orthogonal(shape[0] ?? 1, columns, random, weight);
  } else if (/^layers\.\d+\.weight$/.test(name)) {
    uniform(1 / Math.sqrt(columns), random, weight);
  } else if (/\.(latent|policy)\./.test(name)) {
    uniform(1 / Math.sqrt(latentSize(name, shape)), random, weight);
  } else {
    uniform(0.1, random, weight);
  }
}

/** A: the rows of latent.weight, a quarter of those of latent.weight_ih, else the columns. */
function latentSize(name: string, [rows = 1, columns = 1]: readonly number[]): number {
  if (name.endsWith('latent.weight')) return rows;
  return name.endsWith('latent.weight_ih') ? rows / 4 : columns;
}

function uniform(bound: number, random: Random, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = bound * (2 * random.next() - 1);
}

/** Gates i, f, g, o: 0, 1, 0, 0. */
function forgetBias(bias: Float32Array): void {
  bias.fill(0);
  bias.fill(1, bias.length / 4, bias.length / 2);
}

/** Vectors that are removed at once: each pass over a vector then does eight operations for each element that it reads. */
const together = 4;

/**
 * A random (semi-)orthogonal [rows, columns] matrix: Gram–Schmidt of Gaussian vectors along the longer side, twice, which
 * is enough (Giraud, Langou & Rozložník 2005). The shorter side's vectors come out orthonormal.
 */
export function orthogonal(rows: number, columns: number, random: Random, into: Float32Array): void {
  const tall = rows >= columns;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = new Float64Array(length);
    for (let i = 0; i < length; i++) vector[i] = random.nextNormal();
    for (let pass = 0; pass < 2; pass++) removeProjections(vector, basis);
    normalise(vector);
    basis.push(vector);
    for (let i = 0; i < length; i++) into[tall ? i * columns + k : k * columns + i] = vector[i] ?? 0;
  }
}

function removeProjections(vector: Float64Array, basis: readonly Float64Array[]): void {
  const whole = basis.length - (basis.length % together);
  for (let i = 0; i < whole; i += together) {
    const [a, b, c, d] = basis.slice(i, i + together);
    if (a && b && c && d) removeFour(vector, a, b, c, d);
  }
  for (const unit of basis.slice(whole)) removeOne(vector, unit);
}

function removeFour(vector: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array): void {
  let alongA = 0;
  let alongB = 0;
  let alongC = 0;
  let alongD = 0;
  for (let i = 0; i < vector.length; i++) {
    const x = vector[i] ?? 0;
    alongA += x * (a[i] ?? 0);
    alongB += x * (b[i] ?? 0);
    alongC += x * (c[i] ?? 0);
    alongD += x * (d[i] ?? 0);
  }
  for (let i = 0; i < vector.length; i++) {
    vector[i] =
      (vector[i] ?? 0) - alongA * (a[i] ?? 0) - alongB * (b[i] ?? 0) - alongC * (c[i] ?? 0) - alongD * (d[i] ?? 0);
  }
}

function removeOne(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - along * (unit[i] ?? 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function normalise(vector: Float64Array): void {
  const scale = 1 / Math.sqrt(dot(vector, vector));
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
}
