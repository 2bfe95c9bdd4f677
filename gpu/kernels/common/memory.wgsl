// A place in an arena (words.wgsl), by row and column. What a view is bound to is known when the pipeline is made.

const ABSENT = 0u; // the call leaves this view out
const OWN = 1u;
const SHARED = 2u;

struct Place {
  arena: u32,
  offset: u32, // in words
  ld: u32, // words from one row to the next; 0 for vectors
}

fn place(arena: u32, view: vec2u) -> Place {
  return Place(arena, view.x, view.y);
}

fn index(p: Place, row: u32, column: u32) -> u32 {
  return p.offset + row * p.ld + column;
}

fn load_word(p: Place, row: u32, column: u32) -> u32 {
  return word_at(p.arena, index(p, row, column));
}

fn store_word(p: Place, row: u32, column: u32, value: u32) {
  set_word(p.arena, index(p, row, column), value);
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

fn nowhere() -> Place {
  return Place(ABSENT, 0u, 0u);
}

// One of two, without a branch: a compiler for a CPU then knows the arena, where it would go through both.
fn either(first: bool, a: Place, b: Place) -> Place {
  return Place(select(b.arena, a.arena, first), select(b.offset, a.offset, first), select(b.ld, a.ld, first));
}

fn blocks(count: u32, size: u32) -> u32 {
  return (count + size - 1u) / size;
}
