/** Where the regressions' inputs come from. */
import type { Random } from '../core/random.js';

/** ½ N(0.2, 0.07²) + ½ N(0.8, 0.04²), within 0 … 1: two hills with a valley between them that is hardly ever seen. */
export function drawBimodal(random: Random): number {
  for (;;) {
    const x = random.next() < 0.5 ? 0.2 + 0.07 * random.nextNormal() : 0.8 + 0.04 * random.nextNormal();
    if (x >= 0 && x <= 1) return x;
  }
}

/** Two deviations around each hill's middle, and what is between them. */
export const regions = {
  'first hill': [0.06, 0.34],
  valley: [0.34, 0.72],
  'second hill': [0.72, 0.88],
} as const;

export type Region = keyof typeof regions;

export const regionNames = Object.keys(regions).filter((name): name is Region => name in regions);

/** y = (2 x₁)² − (3 x₂)⁴, without its noise. */
export function tailFunction(x1: number, x2: number): number {
  return (2 * x1) ** 2 - (3 * x2) ** 4;
}

/** Of |x₂|. Beyond 2 lie 5 % of the examples, and nearly all of what y varies. */
export const bands = { centre: [0, 1], shoulder: [1, 2], tail: [2, Infinity] } as const;

export type Band = keyof typeof bands;

export const bandNames = Object.keys(bands).filter((name): name is Band => name in bands);
