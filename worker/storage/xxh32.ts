/**
 * XXH32 (github.com/Cyan4973/xxHash, seed 0): a checksum against accidents, not against people. Four lanes of
 * multiplications of 32 bits, which JavaScript has as `Math.imul`: faster here than the tables of a CRC.
 *
 *     lane   v ← rotl13(v + word · p2) · p1, for each word of 32 bits, little-endian, the four lanes in turn
 *     end    h = rotl1(v1) + rotl7(v2) + rotl12(v3) + rotl18(v4), or p5 below 16 bytes; + length; the rest; the mixing
 */
const p1 = 0x9e3779b1 | 0;
const p2 = 0x85ebca77 | 0;
const p3 = 0xc2b2ae3d | 0;
const p4 = 0x27d4eb2f | 0;
const p5 = 0x165667b1 | 0;

const stripe = 16; // bytes

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

export class Xxh32 {
  #v1 = (p1 + p2) | 0;
  #v2 = p2;
  #v3 = 0;
  #v4 = (0 - p1) | 0;
  #length = 0;
  /** Bytes that make no whole stripe yet. */
  readonly #rest = new Uint8Array(stripe);
  #held = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#held > 0) {
      at = Math.min(stripe - this.#held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < stripe) return;
      this.#mix(this.#rest);
    }
    const whole = bytes.length - ((bytes.length - at) % stripe);
    if (whole > at) this.#mix(bytes.subarray(at, whole));
    this.#held = bytes.length - whole;
    this.#rest.set(bytes.subarray(whole));
  }

  /** Of all bytes so far, unsigned. */
  digest(): number {
    let h =
      this.#length < stripe
        ? p5
        : rotate(this.#v1, 1) + rotate(this.#v2, 7) + rotate(this.#v3, 12) + rotate(this.#v4, 18);
    h = (h + this.#length) | 0;
    const rest = new DataView(this.#rest.buffer);
    let at = 0;
    for (; at + 4 <= this.#held; at += 4) {
      h = Math.imul(rotate((h + Math.imul(rest.getInt32(at, true), p3)) | 0, 17), p4);
    }
    for (; at < this.#held; at++) {
      h = Math.imul(rotate((h + Math.imul(rest.getUint8(at), p5)) | 0, 11), p1);
    }
    h = Math.imul(h ^ (h >>> 15), p2);
    h = Math.imul(h ^ (h >>> 13), p3);
    return (h ^ (h >>> 16)) >>> 0;
  }

  /** Whole stripes. */
  #mix(bytes: Uint8Array): void {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
    let [v1, v2, v3, v4] = [this.#v1, this.#v2, this.#v3, this.#v4];
    for (let i = 0; i < words.length; i += 4) {
      v1 = Math.imul(rotate((v1 + Math.imul(words[i] ?? 0, p2)) | 0, 13), p1);
      v2 = Math.imul(rotate((v2 + Math.imul(words[i + 1] ?? 0, p2)) | 0, 13), p1);
      v3 = Math.imul(rotate((v3 + Math.imul(words[i + 2] ?? 0, p2)) | 0, 13), p1);
      v4 = Math.imul(rotate((v4 + Math.imul(words[i + 3] ?? 0, p2)) | 0, 13), p1);
    }
    [this.#v1, this.#v2, this.#v3, this.#v4] = [v1, v2, v3, v4];
  }
}
