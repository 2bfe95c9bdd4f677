/** Packed bytes in slices of which none holds more than one gzip member: each place where one might begin starts a slice. */
import type { Bytes } from './documents.js';

/** A byte can become a thousand: so many at a time become at most 16 MiB that wait. */
const packedAtATime = 16_384;
/** ID1, ID2, and CM, of which there is one: deflate. */
const magic = [0x1f, 0x8b, 0x08] as const;
const sizeBytes = 4;

export interface GzipSlice {
  readonly bytes: Bytes;
  /**
   * Where a member might begin here: ISIZE, the length mod 2^32 of what was packed, of one that ended before. Else null.
   */
  readonly endedSize: number | null;
}

/** Of bytes in chunks of any length. */
export async function* gzipSlices(packed: AsyncIterator<Bytes>): AsyncGenerator<GzipSlice> {
  // The last bytes that went, and those that wait since they may be the beginning of a magic number.
  let last: Bytes = new Uint8Array(0);
  let held: Bytes = new Uint8Array(0);
  for (;;) {
    const part = await packed.next();
    const bytes: Bytes = part.done ? held : joined(held, part.value);
    const end = part.done ? bytes.length : bytes.length - heldLength(bytes);
    for (let from = 0; from < end;) {
      const to = nextMagic(bytes, from + 1, Math.min(from + packedAtATime, end));
      const slice = bytes.subarray(from, to);
      yield { bytes: slice, endedSize: isMagic(bytes, from) ? sizeIn(last) : null };
      last = joined(last, slice.subarray(-sizeBytes)).slice(-sizeBytes);
      from = to;
    }
    if (part.done) return;
    held = bytes.slice(end);
  }
}

function joined(a: Bytes, b: Bytes): Bytes {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function isMagic(bytes: Bytes, at: number): boolean {
  return magic.every((byte, i) => bytes[at + i] === byte);
}

/** The first place from `from` on, before `to`, that has a magic number, or `to`. */
function nextMagic(bytes: Bytes, from: number, to: number): number {
  for (let at = bytes.indexOf(magic[0], from); at >= 0 && at < to; at = bytes.indexOf(magic[0], at + 1)) {
    if (isMagic(bytes, at)) return at;
  }
  return to;
}

/** Bytes at the end that a magic number may begin with. */
function heldLength(bytes: Bytes): number {
  const [first, second] = magic;
  if (bytes.at(-1) === first) return 1;
  return bytes.at(-1) === second && bytes.at(-2) === first ? 2 : 0;
}

/** At the very beginning there was no member. */
function sizeIn(last: Bytes): number | null {
  return last.length < sizeBytes ? null : new DataView(last.buffer, last.byteOffset).getUint32(0, true);
}
