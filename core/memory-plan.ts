/**
 * Which buffers of a Program share memory. Those that have a lifetime (lifetimes.ts) lie in one overlay, and two of them
 * may overlap there only if they are never alive at once. Since nothing of them is needed before their first statement or
 * after their last one, no replay can tell the overlay from memory for each.
 *
 * Placement is greedy, largest first, each at the lowest place that is free for as long as it lives: "greedy by size" for
 * offsets in Pisarchyk & Lee 2020, arXiv 2001.03288, as in the arena planner of TensorFlow Lite.
 */
import { lifetimes, type Lifetime } from './lifetimes.js';
import type { Program } from './program.js';

/** Memory that somebody needs for the time of some statements. */
export interface Tenant extends Lifetime {
  readonly words: number;
}

export interface Places {
  /** Words from the start, for each tenant. */
  readonly offsets: readonly number[];
  /** Words in all. */
  readonly words: number;
}

/** Every tenant begins at a multiple of `alignment` words. */
export function placeTenants(tenants: readonly Tenant[], alignment: number): Places {
  const offsets = tenants.map(() => 0);
  const placed: { readonly tenant: Tenant; readonly start: number; readonly end: number }[] = [];
  const largestFirst = tenants.map((tenant, index) => ({ tenant, index }));
  largestFirst.sort((a, b) => b.tenant.words - a.tenant.words);
  for (const { tenant, index } of largestFirst) {
    const words = aligned(tenant.words, alignment);
    let start = 0;
    for (const other of placed) {
      if (meet(tenant, other.tenant) && other.start < start + words) start = Math.max(start, other.end);
    }
    offsets[index] = start;
    placed.push({ tenant, start, end: start + words });
    placed.sort((a, b) => a.start - b.start);
  }
  return { offsets, words: placed.reduce((most, { end }) => Math.max(most, end), 0) };
}

/** The most words that are alive at once: no placement needs fewer. */
export function fewestWords(tenants: readonly Tenant[], alignment: number): number {
  const begun = tenants.map(({ first }) =>
    tenants
      .filter((tenant) => meet(tenant, { first, last: first }))
      .reduce((sum, { words }) => sum + aligned(words, alignment), 0),
  );
  return Math.max(0, ...begun);
}

export interface MemoryPlan {
  /** Words from the start of the overlay by number of buffer, for those that lie in it. */
  readonly buffers: ReadonlyMap<number, number>;
  /** The same for the tenants of the executor's own, in their order. */
  readonly others: readonly number[];
  /** Words of the overlay. */
  readonly words: number;
}

/** `others` is what an executor needs beside the buffers, such as room for what it makes of weights. */
export function planMemory(program: Program, alignment: number, others: readonly Tenant[] = []): MemoryPlan {
  const tenants = tenantsOf(program);
  const { offsets, words } = placeTenants([...tenants.values(), ...others], alignment);
  return {
    buffers: new Map([...tenants.keys()].map((buffer, i) => [buffer, offsets[i] ?? 0])),
    others: offsets.slice(tenants.size),
    words,
  };
}

/** Buffers that may lie in the overlay, by number. */
export function tenantsOf(program: Program): ReadonlyMap<number, Tenant> {
  return new Map(
    [...lifetimes(program)].map(([buffer, lifetime]) => [
      buffer,
      { ...lifetime, words: program.buffers[buffer]?.length ?? 0 },
    ]),
  );
}

function meet(one: Lifetime, other: Lifetime): boolean {
  return one.first <= other.last && other.first <= one.last;
}

function aligned(words: number, alignment: number): number {
  return Math.ceil(words / alignment) * alignment;
}
