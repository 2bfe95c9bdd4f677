/**
 * UTF-8 as it comes: any bytes decode. What is not UTF-8 becomes U+FFFD, one for each maximal part of a sequence, so
 * that the result is that of every browser (WHATWG Encoding, "UTF-8 decoder"; Unicode 3.9, table 3-7).
 */

export const replacement: u32 = 0xfffd;
/** One more than the last code point. */
export const codePoints: u32 = 0x110000;

/** A decoded character: its code point in the low 24 bits, the bytes that it took (1 to 4) above them. */
export type Decoded = u32;

@inline
export function codeOf(decoded: Decoded): u32 {
  return decoded & 0xffffff;
}

@inline
export function bytesOf(decoded: Decoded): usize {
  return decoded >> 24;
}

@inline
function decoded(code: u32, bytes: u32): Decoded {
  return code | (bytes << 24);
}

/** The character at `at`, which lies before `end`. */
@inline
export function decode(at: usize, end: usize): Decoded {
  const lead = load<u8>(at);
  return lead < 0x80 ? decoded(lead, 1) : decodeSequence(lead, at, end);
}

function decodeSequence(lead: u32, at: usize, end: usize): Decoded {
  // The range of the second byte keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
  let low: u32 = 0x80;
  let high: u32 = 0xbf;
  let bytes: u32 = 0;
  let code: u32 = 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    bytes = 2;
    code = lead & 0x1f;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    bytes = 3;
    code = lead & 0x0f;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    bytes = 4;
    code = lead & 0x07;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  }
  for (let n: u32 = 1; n < bytes; n++) {
    const next: u32 = at + n < end ? load<u8>(at + n) : 0;
    if (next < low || next > high) return decoded(replacement, n);
    code = (code << 6) | (next & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return bytes > 0 ? decoded(code, bytes) : decoded(replacement, 1);
}
