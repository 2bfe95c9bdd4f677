/** The kernel module: one memory, imported; the replayer is its only way in. */
export { replay } from './replay';

/** The first address that is free for the arena. */
export function arenaStart(): usize {
  return (__heap_base + 63) & ~63;
}
