/** exp, tanh and sigmoid of assembly/kernels/math.ts against Math.*, within the bounds that file states. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { instantiate } from '../../worker/wasm-module.js';
import { setFlagsFromString } from 'node:v8';

// Node 20 has relaxed SIMD behind a flag; newer versions have it on and ignore this.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const page = 65_536;

async function load(file: string) {
  const module = await WebAssembly.compile(await readFile(`build/assembly/${file}`));
  const { memory, arena, functions } = instantiate(module, ['expOver', 'tanhOver', 'sigmoidOver']);
  const start = arena.take(0);

  function over(name: 'expOver' | 'tanhOver' | 'sigmoidOver'): (x: Float32Array) => Float32Array {
    return (x) => {
      const needed = start + 2 * x.byteLength - memory.buffer.byteLength;
      if (needed > 0) memory.grow(Math.ceil(needed / page));
      new Float32Array(memory.buffer, start, x.length).set(x);
      functions[name](start, start + x.byteLength, x.length);
      return new Float32Array(memory.buffer, start + x.byteLength, x.length).slice();
    };
  }
  return { exp: over('expOver'), tanh: over('tanhOver'), sigmoid: over('sigmoidOver') };
}

/** Every 1021st float there is: all signs and exponents, subnormal ones too, about 4 million. No NaN. */
function allMagnitudes(): Float32Array {
  const bits = Uint32Array.from({ length: Math.floor(2 ** 32 / 1021) }, (_, i) => i * 1021);
  return new Float32Array(bits.buffer).filter((x) => !Number.isNaN(x));
}

function evenly(from: number, to: number, n: number): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
}

function worst(x: Float32Array, y: Float32Array, error: (x: number, y: number) => number) {
  let largest = { error: 0, x: 0, y: 0 };
  x.forEach((value, i) => {
    const result = y[i] ?? NaN;
    const found = Number.isNaN(result) ? Infinity : error(value, result);
    if (found > largest.error) largest = { error: found, x: value, y: result };
  });
  return largest;
}

function assertWithin(bound: number, found: ReturnType<typeof worst>): void {
  assert(
    found.error <= bound,
    `error ${found.error} at ${found.x} (gave ${found.y}), expected at most ${bound}`,
  );
}

const smallestNormal = 2 ** -126;
const smallest = 2 ** -149;
const float = Math.fround;
/** 0 for the nearest float: among subnormal numbers nothing closer can be had. */
const relative = (y: number, wanted: number) =>
  y === float(wanted) ? 0 : Math.abs(y - wanted) / Math.abs(wanted);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

for (const file of ['kernels-math.wasm', 'kernels-math-relaxed.wasm']) {
  describe(file, async () => {
    const { exp, tanh, sigmoid: sigmoidOver } = await load(file);
    const grids = [allMagnitudes(), evenly(-110, 95, 1_000_000), evenly(-1, 1, 1_000_000)];

    it('exp: relative error at most 1e-7 where normal, one unit in the last place where subnormal', () => {
      for (const x of grids) {
        const y = exp(x);
        assertWithin(
          1e-7,
          worst(x, y, (at, result) => {
            const wanted = Math.exp(at);
            return wanted < smallestNormal || float(wanted) === Infinity ? 0 : relative(result, wanted);
          }),
        );
        assertWithin(
          smallest,
          worst(x, y, (at, result) => (Math.exp(at) < smallestNormal ? Math.abs(result - Math.exp(at)) : 0)),
        );
      }
    });

    it('tanh: relative error at most 2e-7 everywhere', () => {
      for (const x of grids) {
        assertWithin(
          2e-7,
          worst(x, tanh(x), (at, y) => relative(y, Math.tanh(at))),
        );
      }
    });

    it('sigmoid: absolute error at most 1e-7', () => {
      for (const x of grids) {
        assertWithin(
          1e-7,
          worst(x, sigmoidOver(x), (at, y) => Math.abs(y - sigmoid(at))),
        );
      }
    });

    it('saturates at the infinities, keeps NaN and the sign of zero', () => {
      const x = Float32Array.of(-Infinity, Infinity, NaN, 0, -0, -3.4e38, 3.4e38);
      assert.deepEqual([...exp(x)], [0, Infinity, NaN, 1, 1, 0, Infinity]);
      assert.deepEqual([...tanh(x)], [-1, 1, NaN, 0, -0, -1, 1]);
      assert.deepEqual([...sigmoidOver(x)], [0, 1, NaN, 0.5, 0.5, 0, 1]);
    });

    it('exp overflows where f32 ends, not before', () => {
      const [below = NaN, above] = exp(Float32Array.of(88.7228, 88.7229));
      assert(Number.isFinite(below) && relative(below, Math.exp(float(88.7228))) <= 1e-7);
      assert.equal(above, Infinity);
    });

    it('gives an element the same bits in a full vector and in a tail', () => {
      const x = evenly(-20, 20, 103);
      for (const f of [exp, tanh, sigmoidOver]) {
        const whole = f(x);
        for (const start of [1, 2, 3]) {
          for (const end of [100, 101, 102, 103]) {
            assert.deepEqual(f(x.slice(start, end)), whole.slice(start, end));
          }
        }
      }
    });
  });
}
