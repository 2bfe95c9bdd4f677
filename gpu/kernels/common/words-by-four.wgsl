// The arenas of words.wgsl, bound so that four words in a row are found and checked as one. Shifts, since there is no
// division of vectors on a CPU.

override VECTORS: bool = false; // offsets, leading dimensions and depths are fours

@group(0) @binding(0) var<storage, read_write> shared_words: array<array<u32, 4>>;
@group(0) @binding(1) var<storage, read_write> own_words: array<array<u32, 4>>;

fn word_at(arena: u32, i: u32) -> u32 {
  if (arena == SHARED) {
    return shared_words[i >> 2u][i & 3u];
  }
  return own_words[i >> 2u][i & 3u];
}

fn set_word(arena: u32, i: u32, value: u32) {
  if (arena == SHARED) {
    shared_words[i >> 2u][i & 3u] = value;
  } else {
    own_words[i >> 2u][i & 3u] = value;
  }
}

// Words i … i + 3, i a multiple of four.
fn four_at(arena: u32, i: u32) -> vec4f {
  var words: array<u32, 4>;
  if (arena == SHARED) {
    words = shared_words[i >> 2u];
  } else {
    words = own_words[i >> 2u];
  }
  return bitcast<vec4f>(vec4u(words[0], words[1], words[2], words[3]));
}

// The same to write.
fn set_four(arena: u32, i: u32, values: vec4f) {
  let bits = bitcast<vec4u>(values);
  let words = array<u32, 4>(bits.x, bits.y, bits.z, bits.w);
  if (arena == SHARED) {
    shared_words[i >> 2u] = words;
  } else {
    own_words[i >> 2u] = words;
  }
}
