// x [B, K] · w [4N, K]ᵀ for few rows: a workgroup of 256 has a tile of 16 rows and 8 units, all four gates of a unit
// together. Its four slices of 64 threads share K out among them, since a step of a recurrence waits for the longest
// chain of additions; a thread sums for two rows of one unit. The slices meet in `reduce_gates`.

const GATE_ROWS = 16u;
const GATE_UNITS = 8u;
const GATE_DEPTH = 16u;
const GATE_PITCH = 17u; // of the x tile [row, k]: no two rows on one bank
const GATE_WIDTH = 33u; // of the w tile [k, gate · 8 + unit]: neighbours read neighbours
const GATE_SLICE = 800u; // 16 · 17 + 16 · 33

var<workgroup> gate_tiles: array<f32, 3200>; // four slices

// i, f, g, o of a unit in rows r and r + 8.
struct GateSums {
  upper: vec4f,
  lower: vec4f,
}

// sums [rows r and r + 8] += x ⊙ scale · wᵀ of this slice's part of K. Who has the first units keeps x ⊙ scale.
fn add_gates(
  sums: ptr<function, GateSums>,
  x: Place, // [B, K]
  scale: Place, // [B, K]; may be absent
  kept: Place, // [B, K]; may be absent
  w: Place, // [4N, K]
  B: u32,
  N: u32,
  K: u32,
  group: vec3u,
  thread: u32,
) {
  let lane = thread % 64u;
  let slice = thread / 64u;
  let length = blocks(blocks(K, 4u), GATE_DEPTH) * GATE_DEPTH;
  let x_tile = slice * GATE_SLICE;
  let w_tile = x_tile + GATE_ROWS * GATE_PITCH;
  let first_row = group.y * GATE_ROWS;
  let first_unit = group.x * GATE_UNITS;
  for (var step = 0u; step < length; step += GATE_DEPTH) {
    let k0 = slice * length + step;
    for (var i = lane; i < GATE_ROWS * GATE_DEPTH; i += 64u) {
      let r = i / GATE_DEPTH;
      let k = k0 + i % GATE_DEPTH;
      var value = 0.0;
      if (first_row + r < B && k < K) {
        value = load(x, first_row + r, k) * factor(scale, first_row + r, k);
        if (group.x == 0u) {
          keep(kept, first_row + r, k, value);
        }
      }
      gate_tiles[x_tile + r * GATE_PITCH + i % GATE_DEPTH] = value;
    }
    for (var i = lane; i < 4u * GATE_UNITS * GATE_DEPTH; i += 64u) {
      let c = i / GATE_DEPTH; // gate · 8 + unit
      let k = k0 + i % GATE_DEPTH;
      let unit = first_unit + c % GATE_UNITS;
      var value = 0.0;
      if (unit < N && k < K) {
        value = load(w, (c / GATE_UNITS) * N + unit, k);
      }
      gate_tiles[w_tile + (i % GATE_DEPTH) * GATE_WIDTH + c] = value;
    }
    workgroupBarrier();
    let x0 = x_tile + (lane / GATE_UNITS) * GATE_PITCH;
    let x1 = x0 + 8u * GATE_PITCH;
    let w0 = w_tile + lane % GATE_UNITS;
    for (var k = 0u; k < GATE_DEPTH; k++) {
      let weights = vec4f(
        gate_tiles[w0 + k * GATE_WIDTH],
        gate_tiles[w0 + k * GATE_WIDTH + 8u],
        gate_tiles[w0 + k * GATE_WIDTH + 16u],
        gate_tiles[w0 + k * GATE_WIDTH + 24u],
      );
      (*sums).upper += gate_tiles[x0 + k] * weights;
      (*sums).lower += gate_tiles[x1 + k] * weights;
    }
    workgroupBarrier();
  }
}

// The whole sum of row thread / 8 and unit thread % 8, for threads 0 … 127.
fn reduce_gates(sums: GateSums, thread: u32) -> vec4f {
  let at = (thread / 64u) * 512u + thread % 64u;
  gate_tiles[at] = sums.upper.x;
  gate_tiles[at + 64u] = sums.lower.x;
  gate_tiles[at + 128u] = sums.upper.y;
  gate_tiles[at + 192u] = sums.lower.y;
  gate_tiles[at + 256u] = sums.upper.z;
  gate_tiles[at + 320u] = sums.lower.z;
  gate_tiles[at + 384u] = sums.upper.w;
  gate_tiles[at + 448u] = sums.lower.w;
  workgroupBarrier();
  let i = thread % 128u;
  let total = vec4f(sum_of_gate(i), sum_of_gate(i + 128u), sum_of_gate(i + 256u), sum_of_gate(i + 384u));
  workgroupBarrier();
  return total;
}

fn sum_of_gate(i: u32) -> f32 {
  return (gate_tiles[i] + gate_tiles[512u + i]) + (gate_tiles[1024u + i] + gate_tiles[1536u + i]);
}
