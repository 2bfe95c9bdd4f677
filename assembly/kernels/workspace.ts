/**
 * Scratch of one instance of the module. Instances that share a memory each have their own, so it lies where the host
 * says rather than at a fixed address.
 *
 *   0         packed block of a     64 × 256 f32
 *   65 536    packed block of b     256 × 128 f32
 *   196 608   arguments of a call   1024 bytes
 *   197 632   random words          8 × i32
 *   197 696   x in whole numbers    8192 × i16
 */
let base: usize = 0;

export function workspaceBytes(): usize {
  return 214_080;
}

/** `address` is on a cache line, with workspaceBytes() free bytes. To be called before anything else. */
export function setWorkspace(address: usize): void {
  base = address;
}

@inline
export function packedA(): usize {
  return base;
}

@inline
export function packedB(): usize {
  return base + 65_536;
}

@inline
export function argumentBlock(): usize {
  return base + 196_608;
}

export const argumentBlockBytes = 1024;

@inline
export function randomBlock(): usize {
  return base + 197_632;
}

@inline
export function wholeX(): usize {
  return base + 197_696;
}
