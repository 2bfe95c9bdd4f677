/**
 * How a product is divided among workgroups: tiles of the result that fit its size, and parts of K where the tiles are too
 * few for a GPU. All by the sizes of the most steps, which are known when pipelines are made.
 */
import type { Sizes } from './kernel-table.js';

/** Workgroups that give every scheduler of a large GPU a warp: two warps a workgroup, 128 multiprocessors, four schedulers. */
const enoughGroups = 256;
const shortestPart = 128;
/** How much less of K a workgroup must go through, some ten microseconds, to be worth another dispatch. */
const leastSaved = 256;

/** Rows and columns of the result in a tile, as common/tile-product.wgsl allows them. */
export function productTile({ m = 0, n = 0 }: Sizes): { readonly rows: number; readonly columns: number } {
  if (m <= 32) return { rows: 32, columns: 64 };
  const isLarge = Math.ceil(m / 128) * Math.ceil(n / 128) >= enoughGroups;
  return isLarge ? { rows: 128, columns: 128 } : { rows: 64, columns: 64 };
}

/** How many workgroups share out the K of a tile. */
export function productParts(sizes: Sizes): number {
  const { m = 0, n = 0, k = 0 } = sizes;
  const { rows, columns } = productTile(sizes);
  const tiles = Math.ceil(m / rows) * Math.ceil(n / columns);
  const parts = Math.max(1, Math.min(Math.floor(k / shortestPart), Math.floor(enoughGroups / tiles)));
  return k - k / parts < leastSaved ? 1 : parts;
}

/** Words for the sums of the parts, their rows in whole fours; at most those of `enoughGroups` tiles, 4 MiB. */
export function productScratch(sizes: Sizes): number {
  const { m = 0, n = 0 } = sizes;
  const parts = productParts(sizes);
  return parts === 1 ? 0 : parts * m * 4 * Math.ceil(n / 4);
}
