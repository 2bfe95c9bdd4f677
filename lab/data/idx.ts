/**
 * idx files (LeCun's): two zero bytes, the type, the number of dimensions, each dimension as a big-endian 32-bit number, and
 * then the elements. Only bytes without sign (type 8) are read, packed by gzip or not.
 */
import { AdaptiveError } from '../../core/errors.js';

export interface IdxFile {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const unsignedByte = 8;
/** What is unpacked at most: MNIST's images are 47 MB. */
const limitBytes = 2 ** 28;

/** @throws AdaptiveError 'invalid-option' that says what is wrong with the file and what to do */
export async function readIdx(name: string, file: Uint8Array): Promise<IdxFile> {
  const bytes = isGzip(file) ? await unpack(name, file) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw truncated(name, 4, bytes.length);
  const [type, dimensions] = [view.getUint8(2), view.getUint8(3)];
  if (view.getUint16(0) !== 0 || type !== unsignedByte || dimensions === 0 || dimensions > 4) {
    const magic = view.getUint32(0).toString(16).padStart(8, '0');
    throw refusal(name, `it is not an idx file of bytes (it begins with ${magic}, expected 000008…)`);
  }
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) throw truncated(name, start, bytes.length);
  const shape = Array.from({ length: dimensions }, (_, at) => view.getUint32(4 + 4 * at));
  const expected = start + shape.reduce((product, size) => product * size, 1);
  if (bytes.length < expected) throw truncated(name, expected, bytes.length);
  if (bytes.length > expected) {
    const more = (bytes.length - expected).toLocaleString('en');
    throw refusal(name, `${more} bytes follow after the ${shape.join(' × ')} that it states`);
  }
  return { shape, values: bytes.subarray(start) };
}

export function refusal(name: string, what: string): AdaptiveError {
  return new AdaptiveError('invalid-option', `${name}: ${what}. Give the file as it was published.`, { name });
}

function truncated(name: string, expected: number, got: number): AdaptiveError {
  const [all, some] = [expected, got].map((bytes) => bytes.toLocaleString('en'));
  return refusal(name, `it is cut short: expected ${all ?? ''} bytes, got ${some ?? ''}`);
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

async function unpack(name: string, packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(packed)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const part = await reader.read().catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw refusal(name, `it cannot be unpacked (${reason}), so it is damaged or cut short`);
    });
    if (part.done) break;
    chunks.push(part.value);
    length += part.value.length;
    if (length > limitBytes) {
      await reader.cancel();
      throw refusal(name, 'unpacked it is larger than 256 MiB');
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
