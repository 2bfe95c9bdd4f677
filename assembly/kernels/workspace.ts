/**
 * Scratch of one instance of the module. Instances that share a memory each have their own, so it lies where the host
 * says rather than at a fixed address.
 *
 *   0         packed block of a     11 panels of 256 × 8 f32
 *   90 112    packed block of b     16 panels of 256 × 8 f32
 *   221 184   arguments of a call   1024 bytes
 *   222 208   random words          8 × i32
 *   222 272   a tile at an edge     6 × 8 f32
 *   222 464   x in whole numbers    8192 × i16
 */
let base: usize = 0;

export function workspaceBytes(): usize {
  return 238_848;
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
  return base + 90_112;
}

@inline
export function argumentBlock(): usize {
  return base + 221_184;
}

export const argumentBlockBytes = 1024;

@inline
export function randomBlock(): usize {
  return base + 222_208;
}

@inline
export function edgeTile(): usize {
  return base + 222_272;
}

@inline
export function wholeX(): usize {
  return base + 222_464;
}
