// Threefry-2x32 with 20 rounds (Salmon et al. 2011): the bits of core/random.ts.

fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  let rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var x = counter + key;
  for (var round = 0u; round < 20u; round++) {
    x.x += x.y;
    let bits = rotations[round & 7u];
    x.y = ((x.y << bits) | (x.y >> (32u - bits))) ^ x.x;
    if ((round & 3u) == 3u) {
      let injection = (round >> 2u) + 1u;
      x.x += keys[injection % 3u];
      x.y += keys[(injection + 1u) % 3u] + injection;
    }
  }
  return x;
}

// In [0, 1), the upper 24 bits at `index` of (seed, stream, step).
fn uniform_at(seed: u32, stream: u32, step: u32, index: u32) -> f32 {
  let words = threefry(vec2u(seed, stream), vec2u(index >> 1u, step));
  return f32(select(words.x, words.y, (index & 1u) == 1u) >> 8u) * 5.9604644775390625e-8; // 2⁻²⁴
}
