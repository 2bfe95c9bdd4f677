/** What is packed with gzip, unpacked as it comes. */
import { AdaptiveError } from '../../core/errors.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** A byte can become a thousand: so many at a time become at most 16 MiB that wait. */
const packedAtATime = 16_384;
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
  const source = new ReadableStream<Bytes>(slices(packed, counter), { highWaterMark: 0 });
  const reader = source.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const part = await next(reader, name);
      if (part.done) return;
      counter.unpacked += part.value.byteLength;
      if (counter.unpacked > judgedFrom && counter.unpacked > highestRatio * counter.packed) throw bomb(name, counter);
      yield part.value;
    }
  } finally {
    // What was thrown is on its way already.
    await reader.cancel().catch(() => {});
  }
}

/** Pulled, so that nothing is read before it is needed. */
function slices(packed: AsyncIterator<Bytes>, counter: { packed: number }): UnderlyingDefaultSource<Bytes> {
  let chunk: Bytes = new Uint8Array(0);
  return {
    async pull(controller) {
      while (chunk.byteLength === 0) {
        const part = await packed.next();
        if (part.done) {
          controller.close();
          return;
        }
        chunk = part.value;
      }
      const slice = chunk.subarray(0, packedAtATime);
      chunk = chunk.subarray(slice.byteLength);
      counter.packed += slice.byteLength;
      controller.enqueue(slice);
    },
  };
}

async function next(reader: ReadableStreamDefaultReader<Bytes>, name: string) {
  try {
    return await reader.read();
  } catch (cause) {
    // The file itself could not be read: that passes through.
    if (cause instanceof AdaptiveError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AdaptiveError(
      'corpus-not-text',
      `${name} could not be unpacked: it is damaged, ends too early or holds several parts (${reason}). ` +
        'Unpack it first, or pack it anew.',
      { name },
      { cause },
    );
  }
}

function bomb(name: string, counts: { readonly packed: number; readonly unpacked: number }): AdaptiveError {
  return new AdaptiveError(
    'corpus-not-text',
    `${name} becomes more than ${highestRatio} times as large when it is unpacked, which no text does. Choose another file.`,
    { name, ...counts },
  );
}
