/**
 * The one source of randomness: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011). Counter-based: a number is a function of (seed, stream, step, index) and of nothing else, so it
 * has the same bits here, in AssemblyScript and in WGSL, in any order and on any number of threads.
 */

/** Who draws. A stream is half of the key, so no two uses share a number. Dropout layers add their index. */
export const streams = {
  initialise: 0x1000,
  segments: 0x2000,
  dropout: 0x3000,
  sample: 0x4000,
  learning: 0x6000,
} as const;

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Threefry-2x32-20 of counter (c0, c1) under key (k0, k1); writes two words into `out`. */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const keys = [k0 | 0, k1 | 0, 0x1bd11bda ^ k0 ^ k1] as const;
  let x0 = (c0 + keys[0]) | 0;
  let x1 = (c1 + keys[1]) | 0;
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, rotations[round & 7] ?? 0) ^ x0;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      x0 = (x0 + (keys[injection % 3] ?? 0)) | 0;
      x1 = (x1 + (keys[(injection + 1) % 3] ?? 0) + injection) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
}

/**
 * Random bits by position. Index i of (seed, stream, step) is word `i & 1` of the block with
 * key (seed, stream) and counter (i >>> 1, step). Seed, step, index: unsigned 32-bit.
 */
export class Random {
  readonly #block = new Uint32Array(2);
  #index = 0;

  constructor(
    readonly seed: number,
    readonly stream: number,
    readonly step = 0,
  ) {}

  /** 32 bits at `index`. */
  bits(index: number): number {
    threefry(this.seed, this.stream, index >>> 1, this.step, this.#block);
    return this.#block[index & 1] ?? 0;
  }

  /** Uniform in [0, 1) at `index`: the upper 24 bits, exact in float32. */
  uniform(index: number): number {
    return (this.bits(index) >>> 8) / 0x1000000;
  }

  /** The next uniform of a running count. */
  next(): number {
    return this.uniform(this.#index++);
  }

  /** The next standard normal (Box–Muller; takes two uniforms). */
  nextNormal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}
