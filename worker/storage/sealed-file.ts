/**
 * A safetensors file that knows whether it is whole: its last tensor, `checksum` (U8 [4]), is the XXH32 of all bytes before
 * it, little-endian. Whatever is missing or changed, it is seen. Its metadata have a checksum of their own, `seal`, so that
 * they can be believed before the rest was read. It is written from its first byte to its last, a piece at a time, and read
 * like any other safetensors file.
 */
import { AdaptiveError } from '../../core/errors.js';
import { readSafetensors, safetensorsHead, type SafetensorsFile } from '../files/safetensors.js';
import { parseHeader } from '../files/safetensors-header.js';
import type { Tensor } from '../files/tensor.js';
import type { ReadableFile, StoredFile } from './folder.js';
import { Xxh32 } from './xxh32.js';

const pieceBytes = 1 << 20;
const checksumBytes = 4;
/** What the header of a file that is ours may have at most. */
const mostHeaderBytes = 64 << 20;

export interface SealedContent {
  readonly metadata: Readonly<Record<string, string>>;
  /** Of formats that sort before U8, so that the checksum comes last. */
  readonly tensors: readonly Tensor[];
}

/** Writes one file. It takes the content as it is at each call: whatever is not written yet must not change. */
export class SealedWriter {
  readonly #parts: readonly Uint8Array[];
  /** Where each tensor ends, in bytes from the start of the file. */
  readonly #ends = new Map<string, number>();
  readonly #hash = new Xxh32();
  #part = 0;
  #at = 0;
  #written = 0;

  private constructor(
    readonly file: StoredFile,
    content: SealedContent,
    readonly checksum: Uint8Array,
  ) {
    const tensor: Tensor = { name: 'checksum', dtype: 'U8', shape: [checksumBytes], data: checksum };
    const { head, sorted } = safetensorsHead({
      metadata: { ...content.metadata, seal: sealOf(content.metadata) },
      tensors: [...content.tensors, tensor],
    });
    if (sorted.at(-1) !== tensor) throw new AdaptiveError('internal', 'The checksum is not the last tensor.');
    this.#parts = [head, ...sorted.map(({ data }) => data)];
    let end = head.length;
    for (const { name, data } of sorted) this.#ends.set(name, (end += data.length));
  }

  /** Makes the file empty first. */
  static async begin(file: StoredFile, content: SealedContent): Promise<SealedWriter> {
    await file.truncate(0);
    return new SealedWriter(file, content, new Uint8Array(checksumBytes));
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether a tensor may change now. */
  hasWritten(tensor: string): boolean {
    return this.#written >= (this.#ends.get(tensor) ?? 0);
  }

  /** Writes on for about so many seconds, a piece at least. True once all of it is there to stay. */
  async advance(seconds = Infinity): Promise<boolean> {
    const deadline = performance.now() + 1000 * seconds;
    do {
      const piece = this.#next();
      if (!piece) {
        await this.file.flush();
        return true;
      }
      await this.file.write(piece, this.#written);
      this.#written += piece.length;
    } while (performance.now() < deadline);
    return false;
  }

  #next(): Uint8Array | null {
    let part = this.#parts[this.#part];
    while (part && this.#at === part.length) {
      part = this.#parts[++this.#part];
      this.#at = 0;
    }
    if (!part) return null;
    if (part === this.checksum) new DataView(part.buffer).setUint32(0, this.#hash.digest(), true);
    const piece = part.subarray(this.#at, this.#at + pieceBytes);
    if (part !== this.checksum) this.#hash.update(piece);
    this.#at += piece.length;
    return piece;
  }
}

/** Writes it all at once. */
export async function writeSealed(file: StoredFile, content: SealedContent): Promise<void> {
  const writer = await SealedWriter.begin(file, content);
  while (!(await writer.advance()));
}

/** The whole file, or null when it is not what was written. @throws AdaptiveError 'memory', 'disk' */
export async function readSealed(file: ReadableFile): Promise<SafetensorsFile | null> {
  const bytes = allocate(file.size);
  if (!(await isWhole(file, bytes))) return null;
  return readSafetensors(bytes);
}

/** Whether it is what was written. Reads all of it, into `into` if there is room for all. */
export async function isWhole(file: ReadableFile, into = new Uint8Array(pieceBytes)): Promise<boolean> {
  const { size } = file;
  const hash = new Xxh32();
  const body = size - checksumBytes;
  if (body < 8) return false;
  for (let at = 0; at < body;) {
    const place = into.length === size ? at : 0;
    const piece = into.subarray(place, place + Math.min(pieceBytes, body - at));
    if ((await file.read(piece, at)) !== piece.length) return false;
    hash.update(piece);
    at += piece.length;
  }
  const checksum = into.subarray(-checksumBytes);
  if ((await file.read(checksum, body)) !== checksumBytes) return false;
  return new DataView(checksum.buffer, checksum.byteOffset).getUint32(0, true) === hash.digest();
}

/**
 * The metadata alone, of a file that has the length that it should. 'short' is a file that ends early, as one does whose
 * writing was cut off. Little is read.
 */
export async function readMetadata(file: ReadableFile): Promise<SafetensorsFile['metadata'] | 'short' | 'damaged'> {
  const length = new Uint8Array(8);
  if ((await file.read(length, 0)) !== length.length) return 'short';
  const headerBytes = Number(new DataView(length.buffer).getBigUint64(0, true));
  if (headerBytes > mostHeaderBytes) return 'damaged';
  if (8 + headerBytes > file.size) return 'short';
  const header = new Uint8Array(headerBytes);
  await file.read(header, 8);
  try {
    const { metadata, slots } = parseHeader(new TextDecoder('utf-8', { fatal: true }).decode(header));
    const size = slots.reduce((last, { end }) => Math.max(last, end), 0) + 8 + headerBytes;
    if (size !== file.size) return size > file.size ? 'short' : 'damaged';
    const { seal, ...sealed } = metadata;
    return seal === sealOf(sealed) ? sealed : 'damaged';
  } catch {
    return 'damaged';
  }
}

function sealOf(metadata: SafetensorsFile['metadata']): string {
  const hash = new Xxh32();
  hash.update(new TextEncoder().encode(JSON.stringify(Object.entries(metadata))));
  return hash.digest().toString(16);
}

function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const message = `There is no memory for the ${bytes} bytes that are stored. Close other tabs and try again.`;
    throw new AdaptiveError('memory', message, { bytes }, { cause });
  }
}
