/**
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * the same bits as core/random.ts. Index i of (seed, stream, step) is word `i & 1` of the block with
 * key (seed, stream) and counter (i >>> 1, step).
 */

@inline const keyParity: i32 = 0x1bd11bda;

/** One round's new x1, after x0 has become x0 + x1. */
@inline
function mix(x0: v128, x1: v128, bits: i32): v128 {
  return v128.xor(v128.or(i32x4.shl(x1, bits), i32x4.shr_u(x1, 32 - bits)), x0);
}

/** Four blocks at once: counters (c0 [4], c1 [4]) under key (k0, k1). Stores eight words, block after block. */
@inline
export function threefry(k0: i32, k1: i32, c0: v128, c1: v128, words: usize): void {
  let a = k0;
  let b = k1;
  let c = keyParity ^ k0 ^ k1;
  let x0 = i32x4.add(c0, i32x4.splat(a));
  let x1 = i32x4.add(c1, i32x4.splat(b));
  for (let group = 1; group <= 5; group++) {
    // Rounds come in fours with two alternating sets of rotations; after each four the key is injected.
    if (group & 1) {
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 13);
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 15);
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 26);
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 6);
    } else {
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 17);
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 29);
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 16);
      x0 = i32x4.add(x0, x1);
      x1 = mix(x0, x1, 24);
    }
    const first = a;
    a = b;
    b = c;
    c = first;
    x0 = i32x4.add(x0, i32x4.splat(a));
    x1 = i32x4.add(x1, i32x4.splat(b + group));
  }
  v128.store(words, i32x4.shuffle(x0, x1, 0, 4, 1, 5));
  v128.store(words, i32x4.shuffle(x0, x1, 2, 6, 3, 7), 16);
}

/** The 32-bit words at indices first … first + 7 of (seed, stream, step); first is even. */
export function randomWords(seed: i32, stream: i32, step: i32, first: i32, words: usize): void {
  const block = i32x4.add(i32x4.splat(first >>> 1), i32x4(0, 1, 2, 3));
  threefry(seed, stream, block, i32x4.splat(step), words);
}

/** Uniforms in [0, 1) from words: the upper 24 bits, exact in f32. */
@inline
export function uniforms(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), f32x4.splat(5.9604644775390625e-8));
}
