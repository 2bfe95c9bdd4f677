/**
 * Calls as the GPU makes them: those of a Program, or two of them as one where that saves dispatches. Inside a scan the
 * policy's backward is followed by the latent cell's on the same dz; apart they are four dispatches, together two.
 */
import { ops, type OpRow } from '../core/ops.js';
import type { Call, Size, View } from '../core/program.js';
import type { KernelStyle } from './device.js';
import { policyLatentBackward, type KernelRow } from './kernel-table.js';
import { kernelRow } from './quad-table.js';

export interface KernelCall {
  /** The kernel's file in kernels/. */
  readonly file: string;
  readonly row: KernelRow;
  /** In the order of the record. */
  readonly views: readonly (readonly [name: string, view: View | null])[];
  readonly sizes: readonly (readonly [name: string, size: Size])[];
  readonly scalars: readonly number[];
}

export function kernelCalls(calls: readonly Call[], style: KernelStyle): KernelCall[] {
  const made: KernelCall[] = [];
  for (let i = 0; i < calls.length; i++) {
    const [call, next] = [calls[i], calls[i + 1]];
    if (!call) continue;
    const fused = next && style === 'tiles' && fuse(call, next);
    made.push(fused || plain(call, style));
    if (fused) i++;
  }
  return made;
}

function plain(call: Call, style: KernelStyle): KernelCall {
  const row: OpRow = ops[call.op];
  return {
    file: row.file,
    row: kernelRow(call.op, style),
    views: Object.keys(row.views).map((name, i) => [name, call.views[i] ?? null]),
    sizes: row.sizes.map((name, i) => [name, call.sizes[i] ?? 0]),
    scalars: call.scalars,
  };
}

function fuse(first: Call, second: Call): KernelCall | null {
  if (first.op !== 'policyBackward' || second.op !== 'latentCellBackward') return null;
  const [policy, latent] = [plain(first, 'tiles'), plain(second, 'tiles')];
  const same = (name: string) => sameSize(sizeOf(policy, name), sizeOf(latent, name));
  if (!sameView(viewOf(policy, 'dz'), viewOf(latent, 'dz')) || !same('b') || !same('a')) return null;
  return {
    file: 'policy-latent',
    row: policyLatentBackward,
    views: [...latent.views, ...policy.views.filter(([name]) => name !== 'dz')],
    sizes: [...latent.sizes, ...policy.sizes.filter(([name]) => name === 'p')],
    scalars: [...latent.scalars, ...policy.scalars],
  };
}

const viewOf = ({ views }: KernelCall, wanted: string) => views.find(([name]) => name === wanted)?.[1] ?? null;
const sizeOf = ({ sizes }: KernelCall, wanted: string) => sizes.find(([name]) => name === wanted)?.[1] ?? 0;

function sameView(a: View | null, b: View | null): boolean {
  if (!a || !b) return false;
  return a.buffer === b.buffer && a.offset === b.offset && a.stride === b.stride && a.ld === b.ld;
}

function sameSize(a: Size, b: Size): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  return a.perStep === b.perStep;
}
