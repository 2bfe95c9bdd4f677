/**
 * What is packed with gzip, unpacked as it comes, by the platform's DecompressionStream. A file may be several members, one
 * behind the other, as `cat` and many tools make it. The platforms' streams take one and refuse what follows, so that each
 * member is given one of its own.
 *
 * Where a member ends only the platform knows. So every slice that might begin another one is given to it alone: if the
 * member had ended, the stream fails at that slice, before it has made anything of it, and since it took that slice only
 * when all that it had made was read, nothing is lost. Whether the member had ended in truth is told by the length at its
 * end. (A stream that goes on by itself, as Node's does, is as well.)
 */
import { AdaptiveError } from '../../core/errors.js';
import type { Bytes } from './documents.js';
import { gzipSlices, type GzipSlice } from './gzip-slices.js';

/** Text becomes a tenth to a hundredth of its size; what is packed further than this was made to fill a disk. */
const highestRatio = 200;
/** Before so much came, the ratio says nothing. */
const judgedFrom = 2 ** 26;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** @throws AdaptiveError 'corpus-not-text' when it is broken, ends too early, or is larger than any text of its size */
export async function* unpacked(packed: AsyncIterator<Bytes>, name: string): AsyncGenerator<Bytes> {
  const counter = { packed: 0, unpacked: 0 };
  const counted = (part: Bytes): Bytes => {
    counter.unpacked += part.byteLength;
    if (counter.unpacked > judgedFrom && counter.unpacked > highestRatio * counter.packed) throw bomb(name, counter);
    return part;
  };
  let member = new Member();
  try {
    for await (const slice of gzipSlices(packed)) {
      counter.packed += slice.bytes.byteLength;
      try {
        for await (const part of member.take(slice.bytes)) yield counted(part);
      } catch (thrown) {
        if (thrown instanceof AdaptiveError || !member.endedBefore(slice)) throw thrown;
        await member.close();
        member = new Member();
        for await (const part of member.take(slice.bytes)) yield counted(part);
      }
    }
    for await (const part of member.end()) yield counted(part);
  } catch (thrown) {
    throw thrown instanceof AdaptiveError ? thrown : damaged(name, thrown);
  } finally {
    await member.close();
  }
}

/** One member, on its way through the platform's stream. */
class Member {
  readonly #stream = new DecompressionStream('gzip');
  readonly #writer = this.#stream.writable.getWriter();
  readonly #reader = this.#stream.readable.getReader();
  /** There is always one, since the stream takes nothing while nobody reads. */
  #next = this.#read();
  #bytes = 0;

  /** What becomes of a piece. All of it was taken when this ends. */
  async *take(bytes: Bytes): AsyncGenerator<Bytes> {
    const taken = this.#writer.write(bytes).then(() => null);
    for (;;) {
      const part = await Promise.race([this.#next, taken]);
      if (part === null || part.done) break;
      this.#next = this.#read();
      this.#bytes += part.value.byteLength;
      yield part.value;
    }
    await taken;
  }

  /** What is left of it; fails when that is not all. */
  async *end(): AsyncGenerator<Bytes> {
    const closed = this.#writer.close();
    closed.catch(() => {}); // the reader hears of it as well
    for (let part = await this.#next; !part.done; part = await this.#read()) yield part.value;
    await closed;
  }

  /** Whether it had come to its end when this slice, which it did not take, might begin another one. */
  endedBefore({ endedSize }: GzipSlice): boolean {
    return endedSize === this.#bytes % 2 ** 32;
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    await this.#writer.abort().catch(() => {});
  }

  #read(): Promise<ReadableStreamReadResult<Bytes>> {
    const next = this.#reader.read();
    next.catch(() => {}); // whoever waits for it hears of it
    return next;
  }
}

function damaged(name: string, cause: unknown): AdaptiveError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AdaptiveError(
    'corpus-not-text',
    `${name} could not be unpacked: it is damaged, ends too early or goes on with something else (${reason}). ` +
      'Pack it anew, or unpack it first.',
    { name },
    { cause },
  );
}

function bomb(name: string, counts: { readonly packed: number; readonly unpacked: number }): AdaptiveError {
  return new AdaptiveError(
    'corpus-not-text',
    `${name} becomes more than ${highestRatio} times as large when it is unpacked, which no text does. Choose another file.`,
    { name, ...counts },
  );
}
