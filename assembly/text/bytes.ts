/** Bytes as tokens: the id of a byte is its value. */

/** ids [length] u16 of a text. Returns how many there are. */
export function encodeBytes(text: usize, length: i32, ids: usize, capacity: i32): i32 {
  assert(length <= capacity, 'more bytes than there is room for');
  for (let i: usize = 0; i < <usize>length; i++) store<u16>(ids + (i << 1), load<u8>(text + i));
  return length;
}
