// dr [B, 4A] times the weights of the latent cell. Their columns stand side by side in tiles: those of R, W_h, W_x, W_ζ.

struct LatentTarget {
  weight: Place, // [4A, width]
  to: Place, //     [B, width]
  width: u32,
  adds: bool,
}

struct LatentTargets {
  z: LatentTarget,
  h: LatentTarget,
  x: LatentTarget,
  zeta: LatentTarget,
}

struct LatentTile {
  to_whom: LatentTarget,
  first_column: u32,
}

// How many tiles all have. Who is given no gradient has none.
fn latent_tiles(all: LatentTargets, size: u32) -> u32 {
  return tiles_of(all.z, size) + tiles_of(all.h, size) + tiles_of(all.x, size) + tiles_of(all.zeta, size);
}

fn tiles_of(one: LatentTarget, size: u32) -> u32 {
  return select(blocks(one.width, size), 0u, one.to.arena == ABSENT);
}

fn latent_tile(all: LatentTargets, tile: u32, size: u32) -> LatentTile {
  let h = tiles_of(all.z, size);
  let x = h + tiles_of(all.h, size);
  let zeta = x + tiles_of(all.x, size);
  if (tile >= zeta) {
    return LatentTile(all.zeta, (tile - zeta) * size);
  }
  if (tile >= x) {
    return LatentTile(all.x, (tile - x) * size);
  }
  if (tile >= h) {
    return LatentTile(all.h, (tile - h) * size);
  }
  return LatentTile(all.z, tile * size);
}

fn finish_latent(one: LatentTarget, row: u32, column: u32, sum: f32) {
  if (one.adds) {
    add_to(one.to, row, column, sum);
  } else {
    store(one.to, row, column, sum);
  }
}
