/** What tests look at from outside: the functions of math.ts and random.ts over arrays. Not shipped. */
import { exp, sigmoid, tanh } from './math';
import { threefry } from './random';
import { loadLanes, offset, storeLanes } from './simd';

export { arenaStart } from '../arena-start';

export function expOver(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeLanes(offset(y, i), exp(loadLanes(offset(x, i), n - i)), n - i);
}

export function tanhOver(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeLanes(offset(y, i), tanh(loadLanes(offset(x, i), n - i)), n - i);
}

export function sigmoidOver(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeLanes(offset(y, i), sigmoid(loadLanes(offset(x, i), n - i)), n - i);
}

/** Threefry of one counter under one key: words [2]. */
export function threefryBlock(k0: i32, k1: i32, c0: i32, c1: i32, words: usize): void {
  threefry(k0, k1, i32x4.splat(c0), i32x4.splat(c1), words);
}
