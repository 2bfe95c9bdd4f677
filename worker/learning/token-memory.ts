/** The newest tokens of a text that goes on and on. */
export class TokenMemory {
  #ids: Int32Array;
  #length = 0;

  constructor(readonly capacity: number) {
    this.#ids = new Int32Array(Math.min(capacity, 1024));
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#ids.byteLength;
  }

  push(ids: Int32Array): void {
    const fresh = ids.subarray(Math.max(0, ids.length - this.capacity));
    const kept = Math.min(this.#length, this.capacity - fresh.length);
    const needed = kept + fresh.length;
    const from = this.#ids.subarray(this.#length - kept, this.#length);
    if (needed > this.#ids.length) {
      const larger = new Int32Array(Math.min(this.capacity, Math.max(needed, 2 * this.#ids.length)));
      larger.set(from);
      this.#ids = larger;
    } else {
      this.#ids.copyWithin(0, this.#length - kept, this.#length);
    }
    this.#ids.set(fresh, kept);
    this.#length = needed;
  }

  /** A view of `count` tokens from `start` on; the next `push` may move them. */
  slice(start: number, count: number): Int32Array {
    return this.#ids.subarray(start, Math.min(start + count, this.#length));
  }
}
