/**
 * A call's arguments as the kernels read them: one record of 64 words in a uniform buffer, chosen by dynamic offset.
 * Views come first, each as [offset, ld] in words of its arena, in the order of the op's row; then sizes; then scalars.
 * Inside a scan a call has a record for every step.
 */
import { sizeAt, type View } from '../core/program.js';
import type { KernelCall } from './kernel-call.js';
import type { Constants, Sizes } from './kernel-table.js';

export const recordWords = 64;
export const recordBytes = 4 * recordWords; // the alignment of a dynamic offset

/** Which arena a buffer lies in; the numbers are those of kernels/common/memory.wgsl. */
export const arenas = { absent: 0, own: 1, shared: 2 } as const;

/** Where a buffer begins, in words of its arena. */
export interface Placement {
  readonly arena: (typeof arenas)['own' | 'shared'];
  readonly offset: number;
}

/** Words of memory, as whole numbers and as floats. */
export interface Words {
  readonly integers: Uint32Array<ArrayBuffer>;
  readonly floats: Float32Array<ArrayBuffer>;
}

export function makeWords(count: number): Words {
  const integers = new Uint32Array(count);
  return { integers, floats: new Float32Array(integers.buffer) };
}

/** The sizes of a call by name, in a replay of `steps` steps. */
export function sizesOf({ sizes }: KernelCall, steps: number): Sizes {
  return Object.fromEntries(sizes.map(([name, size]) => [name, sizeAt(size, steps)]));
}

/** Whether a record is another one when the number of steps is. */
export function dependsOnSteps({ sizes }: KernelCall): boolean {
  return sizes.some(([, size]) => typeof size !== 'number');
}

/** Writes the record of a call at step t; `scratch` is a place in the Program's own arena. */
export function writeRecord(
  { integers, floats }: Words,
  record: number,
  { views, sizes, scalars }: KernelCall,
  placements: readonly Placement[],
  scratch: number | null,
  t: number,
  steps: number,
): void {
  let at = record * recordWords;
  for (const [, view] of views) {
    integers[at++] = view ? offsetOf(view, placements, t) : 0;
    integers[at++] = view?.ld ?? 0;
  }
  if (scratch !== null) {
    integers[at++] = scratch;
    integers[at++] = 0;
  }
  for (const [, size] of sizes) integers[at++] = sizeAt(size, steps);
  for (const scalar of scalars) floats[at++] = scalar;
}

function offsetOf({ buffer, offset, stride }: View, placements: readonly Placement[], t: number): number {
  return (placements[buffer]?.offset ?? 0) + offset + t * stride;
}

/** `x_arena` and so on, the constants of a call's pipelines. */
export function constantsOf({ views, row }: KernelCall, placements: readonly Placement[]): Constants {
  const constants = views.map(([name, view]) => {
    return [`${name}_arena`, view ? (placements[view.buffer]?.arena ?? arenas.own) : arenas.absent] as const;
  });
  return Object.fromEntries(row.scratch ? [...constants, ['scratch_arena', arenas.own]] : constants);
}

/** Whether every row of every matrix, at every step, and these sizes are whole fours of words. */
export function isAligned(
  { views, sizes }: KernelCall,
  placements: readonly Placement[],
  depths: readonly string[],
): boolean {
  const fours = (words: number) => words % 4 === 0;
  const start = ({ buffer, offset }: View) => (placements[buffer]?.offset ?? 0) + offset;
  return (
    views.every(([, view]) => !view || view.ld === 0 || [start(view), view.ld, view.stride].every(fours)) &&
    sizes.every(([name, size]) => !depths.includes(name) || fours(sizeAt(size, 1)))
  );
}
