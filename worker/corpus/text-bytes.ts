/** The bytes of a source as text in UTF-8: opened, unpacked, told apart, and turned into text where they are not yet. */
import { AdaptiveError } from '../../core/errors.js';
import { atSeparators, nextDocument, type Bytes, type Piece } from './documents.js';
import type { TextSource } from './sources.js';
import { isGzip, unpacked } from './unpack.js';

/** By so much of its beginning a file is told. */
export const headBytes = 1024;

export interface TextHooks {
  /** So many more bytes of the source were read; `total` of them there are, if that is known. */
  readonly onBytes: (bytes: number, total: number | null) => void;
  /** The first bytes, unpacked, before anything is made of them. */
  readonly onHead: (head: Bytes) => void;
}

/**
 * UTF-8, without a byte order mark, and where documents end. Broken UTF-8 stays as it is.
 * @throws AdaptiveError 'disk' or 'network' when it cannot be read, 'corpus-not-text' as `unpacked`, 'invalid-option'
 */
export async function* textBytes(source: TextSource, { onBytes, onHead }: TextHooks): AsyncGenerator<Piece> {
  const { stream, type, bytes } = await orUnreadable(source, () => source.open());
  const reader = stream.getReader();
  try {
    const raw = await withHead(chunksOf(reader, source, (read) => onBytes(read, bytes)));
    const plain = isGzip(raw.head) ? await withHead(unpacked(raw.chunks, source.name)) : raw;
    onHead(plain.head);
    yield* asDocuments(plain.head, plain.chunks, { name: source.name, type }, source.separator);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function* chunksOf(
  reader: ReadableStreamDefaultReader<Bytes>,
  source: TextSource,
  onRead: (bytes: number) => void,
): AsyncGenerator<Bytes> {
  let read = 0;
  for (;;) {
    const part = await orUnreadable(source, () => reader.read());
    if (part.done) break;
    read += part.value.byteLength;
    onRead(part.value.byteLength);
    yield part.value;
  }
  if (source.bytes !== null && read !== source.bytes) throw unreadable(source, 'it changed meanwhile');
}

/** The first bytes of a stream, and all of it. */
async function withHead(chunks: AsyncGenerator<Bytes>): Promise<{ head: Bytes; chunks: AsyncGenerator<Bytes> }> {
  const first: Bytes[] = [];
  let length = 0;
  while (length < headBytes) {
    const part = await chunks.next();
    if (part.done) break;
    first.push(part.value);
    length += part.value.byteLength;
  }
  const head = new Uint8Array(Math.min(length, headBytes));
  let at = 0;
  for (const part of first) {
    head.set(part.subarray(0, head.length - at), at);
    at = Math.min(head.length, at + part.length);
  }
  return { head, chunks: followed(first, chunks) };
}

async function* followed(first: readonly Bytes[], rest: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  yield* first;
  yield* rest;
}

interface Kind {
  readonly name: string;
  readonly type: string;
}

async function* asDocuments(
  head: Bytes,
  chunks: AsyncGenerator<Bytes>,
  kind: Kind,
  separator: string | null,
): AsyncGenerator<Piece> {
  const utf16 = utf16Label(head);
  if (isJsonLines(kind)) {
    const { JsonLines } = await import('./json-lines.js');
    yield* encoded(decoded(chunks, utf16 ?? 'utf-8'), new JsonLines(kind.name));
    return;
  }
  const pieces = asText(head, chunks, kind, utf16);
  yield* separator === null ? pieces : atSeparators(pieces, separator);
}

async function* asText(
  head: Bytes,
  chunks: AsyncGenerator<Bytes>,
  kind: Kind,
  utf16: string | null,
): AsyncGenerator<Piece> {
  if (isHtml(kind)) {
    // Few need it, so that it is fetched when it is.
    const { HtmlText, htmlEncoding } = await import('./html-text.js');
    yield* encoded(decoded(chunks, utf16 ?? htmlEncoding(head, kind.type)), new HtmlText());
  } else if (utf16 !== null) {
    yield* encoded(decoded(chunks, utf16), plain);
  } else {
    yield* withoutMark(head, chunks);
  }
}

function utf16Label([first, second]: Bytes): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function isHtml({ name, type }: Kind): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(type) || /\.x?html?(\.gz)?$/i.test(name);
}

function isJsonLines({ name, type }: Kind): boolean {
  return /^application\/(x-)?(jsonl|jsonlines|ndjson)\b/i.test(type) || /\.(jsonl|ndjson)(\.gz)?$/i.test(name);
}

async function* withoutMark(head: Bytes, chunks: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  let skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for await (const chunk of chunks) {
    yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.byteLength);
  }
}

async function* decoded(chunks: AsyncGenerator<Bytes>, label: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(label);
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Text that becomes other text piece by piece: the first of an answer goes on, each other one is a new document. */
export interface TextFilter {
  push(text: string): readonly string[];
  end(): readonly string[];
}

const plain: TextFilter = { push: (text) => [text], end: () => [] };

async function* encoded(texts: AsyncGenerator<string>, filter: TextFilter): AsyncGenerator<Piece> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield* pieces(encoder, filter.push(text));
  yield* pieces(encoder, filter.end());
}

function* pieces(encoder: TextEncoder, texts: readonly string[]): Generator<Piece> {
  for (const [i, text] of texts.entries()) {
    if (i > 0) yield nextDocument;
    yield encoder.encode(text);
  }
}

async function orUnreadable<T>(source: TextSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof AdaptiveError) throw thrown;
    throw unreadable(source, thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

/** What is at an address has no size before it is asked for. */
export function unreadable({ name, bytes }: TextSource, reason: string, cause?: unknown): AdaptiveError {
  const isFile = bytes !== null;
  const advice = isFile ? 'Choose it again.' : 'Check the address and the connection.';
  return new AdaptiveError(
    isFile ? 'disk' : 'network',
    `${name} could not be read: ${reason.replace(/\.$/, '')}. ${advice}`,
    { name },
    { cause },
  );
}
