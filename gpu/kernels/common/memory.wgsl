// Every number of a Program lies in one of two arenas of 32-bit words: one that all Programs of an executor share
// (parameters, gradients, moments), one of the Program's own. Both are bound whole, once; a call finds its operands by
// the offsets of its record. Ids are words too. What a view is bound to is known when the pipeline is made.

const ABSENT = 0u; // the call leaves this view out
const OWN = 1u;
const SHARED = 2u;

@group(0) @binding(0) var<storage, read_write> shared_words: array<u32>;
@group(0) @binding(1) var<storage, read_write> own_words: array<u32>;
// @group(0) @binding(2) is the call's record, laid out by each kernel: views as [offset, ld], then sizes, then scalars.

struct Place {
  arena: u32,
  offset: u32, // in words
  ld: u32, // words from one row to the next; 0 for vectors
}

fn place(arena: u32, view: vec2u) -> Place {
  return Place(arena, view.x, view.y);
}

fn load_word(p: Place, row: u32, column: u32) -> u32 {
  let i = p.offset + row * p.ld + column;
  if (p.arena == SHARED) {
    return shared_words[i];
  }
  return own_words[i];
}

fn store_word(p: Place, row: u32, column: u32, value: u32) {
  let i = p.offset + row * p.ld + column;
  if (p.arena == SHARED) {
    shared_words[i] = value;
  } else {
    own_words[i] = value;
  }
}

fn load(p: Place, row: u32, column: u32) -> f32 {
  return bitcast<f32>(load_word(p, row, column));
}

fn store(p: Place, row: u32, column: u32, value: f32) {
  store_word(p, row, column, bitcast<u32>(value));
}

fn add_to(p: Place, row: u32, column: u32, value: f32) {
  store(p, row, column, load(p, row, column) + value);
}

// An element of a policy or a mask; one that is left out is 1 everywhere.
fn factor(p: Place, row: u32, column: u32) -> f32 {
  if (p.arena == ABSENT) {
    return 1.0;
  }
  return load(p, row, column);
}

// Writes what somebody keeps.
fn keep(p: Place, row: u32, column: u32, value: f32) {
  if (p.arena != ABSENT) {
    store(p, row, column, value);
  }
}

fn blocks(count: u32, size: u32) -> u32 {
  return (count + size - 1u) / size;
}
