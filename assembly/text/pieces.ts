/**
 * How a text is split before byte-level BPE joins bytes: pieces as GPT-2 has them, which nothing is joined across.
 *
 *     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * \s is \p{White_Space}, as in the engine that GPT-2 was made with (JavaScript's has U+FEFF and lacks U+0085). What is
 * not UTF-8 is none of the three classes.
 */
import { asciiClasses, blockNumbers, classBlocks, classified } from './unicode-classes';
import { bytesOf, codeOf, decode } from './utf8';

/** White space, as scripts/generate-unicode.js numbers the classes. */
const space: u32 = 3;

/** A class in the low byte, the bytes that its character took above. */
type Classed = u32;

@inline
function classOf(classed: Classed): u32 {
  return classed & 0xff;
}

@inline
function sizeOf(classed: Classed): usize {
  return classed >> 8;
}

function classSequence(at: usize, end: usize): Classed {
  const character = decode(at, end);
  const code = codeOf(character);
  const bytes = (<u32>bytesOf(character)) << 8;
  if (code >= classified) return bytes;
  const block = classBlocks + (<usize>load<u8>(blockNumbers + <usize>(code >> 7)) << 5);
  return bytes | ((load<u8>(block + <usize>((code & 127) >> 2)) >> u8((code & 3) << 1)) & 3);
}

/** Class of the character at `at`, which lies before `end`. */
@inline
function classAt(at: usize, end: usize): Classed {
  const lead = <usize>load<u8>(at);
  return lead < 0x80 ? 0x100 | load<u8>(asciiClasses + lead) : classSequence(at, end);
}

/** Where the characters of one class, of which one ends at `at`, come to an end. */
@inline
function runEnd(at: usize, end: usize, kind: u32): usize {
  while (at < end) {
    const next = classAt(at, end);
    if (classOf(next) != kind) break;
    at += sizeOf(next);
  }
  return at;
}

/** Bytes of the contraction at `at`, which is an apostrophe; 0 for none. */
function contraction(at: usize, end: usize): usize {
  if (at + 1 >= end) return 0;
  const first = load<u8>(at + 1);
  // s, t, m, d
  if (first == 0x73 || first == 0x74 || first == 0x6d || first == 0x64) return 2;
  if (at + 2 >= end) return 0;
  const second = load<u8>(at + 2);
  // re, ve, ll
  if (second == 0x65 && (first == 0x72 || first == 0x76)) return 3;
  return first == 0x6c && second == 0x6c ? 3 : 0;
}

/** Where the piece that begins at `at` ends. `end` is the end of the text. */
export function pieceEnd(at: usize, end: usize): usize {
  const lead = load<u8>(at);
  if (lead == 0x27) {
    const bytes = contraction(at, end);
    if (bytes > 0) return at + bytes;
  } else if (lead == 0x20 && at + 1 < end) {
    const next = classAt(at + 1, end);
    if (classOf(next) != space) return runEnd(at + 1 + sizeOf(next), end, classOf(next));
  }
  const first = classAt(at, end);
  if (classOf(first) != space) return runEnd(at + sizeOf(first), end, classOf(first));
  // White space: the last of it is left to what follows, unless it is the only one or nothing follows.
  let last = at;
  let next = at + sizeOf(first);
  while (next < end) {
    const character = classAt(next, end);
    if (classOf(character) != space) return last > at ? last : next;
    last = next;
    next += sizeOf(character);
  }
  return next;
}

/** Where the white space at `at` ends, and where what is not white space at `at` ends: how words are told apart. */
export function spaceEnd(at: usize, end: usize): usize {
  return runEnd(at, end, space);
}

export function wordEnd(at: usize, end: usize): usize {
  while (at < end) {
    const next = classAt(at, end);
    if (classOf(next) == space) break;
    at += sizeOf(next);
  }
  return at;
}

@inline
function isAsciiSpace(byte: u32): bool {
  return byte == 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** White space ends at `at`. A lead byte begins a character wherever it stands, so looking back finds no other. */
function followsSpace(text: usize, at: usize): bool {
  if (load<u8>(at - 1) < 0x80) return isAsciiSpace(load<u8>(at - 1));
  for (let bytes: usize = 2; bytes <= 3 && at - bytes >= text; bytes++) {
    const before = classAt(at - bytes, at);
    if (sizeOf(before) == bytes) return classOf(before) == space;
  }
  return false;
}

/**
 * Bytes of the longest part of a text that has the same tokens whatever follows it, and whatever follows has the same
 * tokens without it: it ends before white space that follows something else. 0 if there is no such place after the
 * first byte.
 */
export function safeCut(text: usize, length: i32): i32 {
  for (let at = text + <usize>length - 1; at > text && length > 1; at--) {
    if (isAsciiSpace(load<u8>(at)) && !followsSpace(text, at)) return <i32>(at - text);
  }
  return 0;
}

/** Bytes of a text without the character that it breaks off in. */
export function wholeCharacters(text: usize, length: i32): i32 {
  const end = text + <usize>length;
  for (let back: usize = 1; back <= 3 && back <= <usize>length; back++) {
    const lead = load<u8>(end - back);
    if (lead < 0x80) break;
    if (lead < 0xc0) continue;
    const bytes: usize = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return back < bytes ? length - <i32>back : length;
  }
  return length;
}
