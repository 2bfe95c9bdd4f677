/**
 * One WebAssembly memory, given out in runs of whole cache lines. First fit over a list of free runs: Programs come and
 * go rarely, and what is given back is joined with its neighbours.
 */
import { AdaptiveError } from '../core/errors.js';

const line = 64;
const page = 65_536;

interface Run {
  start: number;
  end: number;
}

export class Arena {
  readonly #free: Run[] = [];
  #used = 0;

  /** `start` is the first free address; the memory may grow to `maximumBytes`. */
  constructor(
    readonly memory: WebAssembly.Memory,
    start: number,
    readonly maximumBytes: number,
  ) {
    this.#free.push({ start, end: memory.buffer.byteLength });
  }

  /** Bytes given out. */
  get used(): number {
    return this.#used;
  }

  /** The address of `bytes` zeroed bytes, on a cache line. */
  take(bytes: number): number {
    const size = Math.max(line, Math.ceil(bytes / line) * line);
    const run = this.#free.find(({ start, end }) => end - start >= size) ?? this.#grow(size);
    const address = run.start;
    run.start += size;
    this.#used += size;
    new Uint8Array(this.memory.buffer, address, size).fill(0);
    return address;
  }

  /** Gives back what `take(bytes)` gave at `address`. */
  giveBack(address: number, bytes: number): void {
    const size = Math.max(line, Math.ceil(bytes / line) * line);
    this.#used -= size;
    const end = address + size;
    const at = this.#free.findIndex(({ start }) => start >= end);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, { start: address, end });
    this.#join();
  }

  #join(): void {
    for (let i = this.#free.length - 1; i > 0; i--) {
      const before = this.#free[i - 1];
      const run = this.#free[i];
      if (before && run && before.end === run.start) {
        before.end = run.end;
        this.#free.splice(i, 1);
      }
    }
  }

  /** Grows so that the last free run holds `size` bytes. */
  #grow(size: number): Run {
    const end = this.memory.buffer.byteLength;
    const tail = this.#free.at(-1);
    const open = tail?.end === end ? tail : { start: end, end };
    const pages = Math.ceil((open.start + size - end) / page);
    const wanted = end + pages * page;
    if (wanted > this.maximumBytes) throw outOfMemory(wanted, this.maximumBytes);
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw outOfMemory(wanted, this.maximumBytes, cause);
    }
    if (open !== tail) this.#free.push(open);
    open.end = this.memory.buffer.byteLength;
    return open;
  }
}

function outOfMemory(wanted: number, limit: number, cause?: unknown): AdaptiveError {
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  return new AdaptiveError(
    'memory',
    `This needs ${mebibytes(wanted)} MiB of memory, and at most ${mebibytes(limit)} MiB can be had. ` +
      'Choose a smaller model, a smaller batch or shorter segments.',
    { wantedBytes: wanted, limitBytes: limit },
    { cause },
  );
}
