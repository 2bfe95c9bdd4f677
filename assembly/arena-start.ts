/** The first address that is free for the arena, on a cache line. */
export function arenaStart(): usize {
  return (__heap_base + 63) & ~63;
}
