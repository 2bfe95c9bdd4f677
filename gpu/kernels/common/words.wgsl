// Every number of a Program lies in one of two arenas of 32-bit words: one that all Programs of an executor share
// (parameters, gradients, moments), one of the Program's own. Both are bound whole, once; a call finds its operands by
// the offsets of its record. Ids are words too.

@group(0) @binding(0) var<storage, read_write> shared_words: array<u32>;
@group(0) @binding(1) var<storage, read_write> own_words: array<u32>;
// @group(0) @binding(2) is the call's record, laid out by each kernel: views as [offset, ld], then sizes, then scalars.

fn word_at(arena: u32, i: u32) -> u32 {
  if (arena == SHARED) {
    return shared_words[i];
  }
  return own_words[i];
}

fn set_word(arena: u32, i: u32, value: u32) {
  if (arena == SHARED) {
    shared_words[i] = value;
  } else {
    own_words[i] = value;
  }
}
