/**
 * XXH64 (Collet, "xxHash fast digest algorithm", version 0.1.1), of a stream that comes in pieces and of a whole.
 *
 *     state   0 … 31  four lanes      32 … 39  bytes so far      40 … 71  bytes that wait for a whole stripe of 32
 */

const prime1: u64 = 0x9e3779b185ebca87;
const prime2: u64 = 0xc2b2ae3d27d4eb4f;
const prime3: u64 = 0x165667b19e3779f9;
const prime4: u64 = 0x85ebca77c2b2ae63;
const prime5: u64 = 0x27d4eb2f165667c5;

const total: usize = 32;
const waiting: usize = 40;

@inline
function round(lane: u64, input: u64): u64 {
  return rotl(lane + input * prime2, 31) * prime1;
}

@inline
function merge(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * prime1 + prime4;
}

@inline
function avalanche(hash: u64): u64 {
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return hash ^ (hash >> 32);
}

/** Of at most 31 bytes that are left over. */
function finish(hash: u64, at: usize, end: usize): u64 {
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ round(0, load<u64>(at)), 27) * prime1 + prime4;
  if (at + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * prime5), 11) * prime1;
  return avalanche(hash);
}

/** Stripes of 32 bytes from `at` to `end` into the lanes. */
function absorb(state: usize, at: usize, end: usize): void {
  let lane0 = load<u64>(state);
  let lane1 = load<u64>(state, 8);
  let lane2 = load<u64>(state, 16);
  let lane3 = load<u64>(state, 24);
  for (; at < end; at += 32) {
    lane0 = round(lane0, load<u64>(at));
    lane1 = round(lane1, load<u64>(at, 8));
    lane2 = round(lane2, load<u64>(at, 16));
    lane3 = round(lane3, load<u64>(at, 24));
  }
  store<u64>(state, lane0);
  store<u64>(state, lane1, 8);
  store<u64>(state, lane2, 16);
  store<u64>(state, lane3, 24);
}

/** Begins a stream. state [72]. */
export function hashStart(state: usize): void {
  store<u64>(state, prime1 + prime2);
  store<u64>(state, prime2, 8);
  store<u64>(state, 0, 16);
  store<u64>(state, 0 - prime1, 24);
  store<u64>(state, 0, total);
}

export function hashUpdate(state: usize, text: usize, length: i32): void {
  const end = text + <usize>length;
  const left = <usize>(load<u64>(state, total) & 31);
  store<u64>(state, load<u64>(state, total) + length, total);
  let at = text;
  if (left > 0) {
    const missing = min<usize>(32 - left, <usize>length);
    memory.copy(state + waiting + left, at, missing);
    if (left + missing < 32) return;
    absorb(state, state + waiting, state + waiting + 32);
    at += missing;
  }
  const whole = at + ((end - at) & ~31);
  absorb(state, at, whole);
  memory.copy(state + waiting, whole, end - whole);
}

/** Writes the hash, u64, over the first lane. */
export function hashEnd(state: usize): void {
  const length = load<u64>(state, total);
  let hash = prime5;
  if (length >= 32) hash = mergeLanes(state);
  const left = <usize>(length & 31);
  store<u64>(state, finish(hash + length, state + waiting, state + waiting + left));
}

function mergeLanes(state: usize): u64 {
  const lane0 = load<u64>(state);
  const lane1 = load<u64>(state, 8);
  const lane2 = load<u64>(state, 16);
  const lane3 = load<u64>(state, 24);
  const hash = rotl(lane0, 1) + rotl(lane1, 7) + rotl(lane2, 12) + rotl(lane3, 18);
  return merge(merge(merge(merge(hash, lane0), lane1), lane2), lane3);
}

/** Of a whole. state [72] is scratch. */
export function hashOf(state: usize, text: usize, length: usize): u64 {
  if (length < 32) return finish(prime5 + length, text, text + length);
  hashStart(state);
  hashUpdate(state, text, <i32>length);
  hashEnd(state);
  return load<u64>(state);
}
