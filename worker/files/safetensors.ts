/**
 * The safetensors format (github.com/huggingface/safetensors), read and written:
 *
 *     8 bytes   n, the length of the header, little-endian
 *     n bytes   header, a JSON object in UTF-8, padded with spaces:
 *               { "__metadata__": { key: string }, name: { dtype, shape, data_offsets: [begin, end] }, … }
 *     the rest  the tensors' bytes; offsets count from here, and together they cover all of it exactly once
 *
 * Files come from strangers: nothing is believed before it is checked, and nothing is allocated on a file's word.
 */
import { AdaptiveError } from '../../core/errors.js';
import { recognise } from './file-kind.js';
import { getItAgain, grouped, quote, refusal } from './refusal.js';
import { metadataKey, parseHeader, type Slot } from './safetensors-header.js';
import { dtypes, type Dtype, type Tensor } from './tensor.js';

export { asFloat32, asFloat64, asInt32, type Dtype, type Tensor } from './tensor.js';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

export interface SafetensorsContent {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tensors: Iterable<Tensor>;
}

/** As in the reference implementation. */
const maxHeaderBytes = 100_000_000;
const lengthBytes = 8;

/**
 * Reads a safetensors file. The tensors' data are views into `file`.
 * @throws AdaptiveError 'model-file' for anything that the format forbids.
 */
export function readSafetensors(file: ArrayBuffer | Uint8Array): SafetensorsFile {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
  const headerBytes = headerLength(bytes);
  const dataStart = lengthBytes + headerBytes;
  const { metadata, slots } = parseHeader(decodeHeader(bytes.subarray(lengthBytes, dataStart)));
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of inOrder(slots, bytes.byteLength - dataStart)) {
    const data = new Uint8Array(bytes.buffer, bytes.byteOffset + dataStart + begin, end - begin);
    tensors.set(name, { name, dtype, shape, data });
  }
  return { metadata, tensors };
}

/** n, when n bytes of what may be a header are there. */
function headerLength(bytes: Uint8Array): number {
  const size = bytes.byteLength;
  if (size === 0) throw refusal('The model file is empty (0 bytes). Choose the file again, or export it again.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const stated = size < lengthBytes ? null : view.getBigUint64(0, true);
  const opens = size === lengthBytes || bytes[lengthBytes] === 0x7b; // {
  if (stated === null || stated < 2n || stated > maxHeaderBytes || !opens) {
    throw notSafetensors(bytes, stated);
  }
  if (stated > size - lengthBytes) {
    throw refusal(
      `The model file ends early: its header should have ${grouped(stated)} bytes and ` +
        `${grouped(size - lengthBytes)} are there. ${getItAgain}`,
      { expected: Number(stated), got: size - lengthBytes },
    );
  }
  return Number(stated);
}

/** Why these bytes cannot be a safetensors file; `stated` is the header length they start with, if they have one. */
function notSafetensors(bytes: Uint8Array, stated: bigint | null): AdaptiveError {
  const kind = recognise(bytes);
  const advice = 'Choose a .safetensors file that adaptive-lm exported.';
  if (kind) {
    return refusal(`This is ${kind.name}, not a safetensors model file. ${kind.advice || advice}`, {
      kind: kind.name,
    });
  }
  const size = grouped(bytes.byteLength);
  if (stated === null) return refusal(`The model file ends early, after ${size} bytes. ${getItAgain}`);
  const details = { headerBytes: String(stated) };
  if (stated > maxHeaderBytes) {
    return refusal(
      `This is not a safetensors model file, or it is damaged: it claims a header of ${grouped(stated)} bytes, and ` +
        `at most ${grouped(maxHeaderBytes)} are allowed. ${advice}`,
      details,
    );
  }
  return refusal(
    `This is not a safetensors model file, or it is damaged: no header of ${grouped(stated)} bytes follows its ` +
      `first 8 bytes. ${advice}`,
    details,
  );
}

function decodeHeader(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refusal(`The header of the model file is not UTF-8 text. ${getItAgain}`, {}, { cause });
  }
}

/** The slots in the order of their bytes, when they cover all `dataBytes` without a hole or an overlap. */
function inOrder(slots: readonly Slot[], dataBytes: number): Slot[] {
  const sorted = [...slots].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of sorted) {
    const misplaced = (problem: string) =>
      refusal(
        `Tensor ${quote(name)} has bytes ${grouped(begin)} to ${grouped(end)} of the data${problem}. ${getItAgain}`,
        {
          tensor: name,
          begin,
          end,
        },
      );
    if (end > dataBytes) throw misplaced(`, but the file holds only ${grouped(dataBytes)} bytes of data`);
    if (begin < covered) throw misplaced(', which overlap with those of another tensor');
    if (begin > covered) throw misplaced(`; the ${grouped(begin - covered)} before it belong to no tensor`);
    covered = end;
  }
  if (covered < dataBytes) {
    throw refusal(
      `The tensors take ${grouped(covered)} bytes, but the file holds ${grouped(dataBytes)} bytes of data. ${getItAgain}`,
      { expected: covered, got: dataBytes },
    );
  }
  return sorted;
}

/** By decreasing format, so that each tensor is aligned for its own; then by name. */
const dtypeOrder = Object.keys(dtypes);
function rank(dtype: Dtype): number {
  return dtypeOrder.indexOf(dtype);
}

/**
 * Writes a safetensors file, as the reference implementation does: header padded to 8 bytes, tensors aligned, sorted
 * by format and name, without holes. The same content always gives the same bytes.
 * @throws AdaptiveError 'internal' if the content contradicts itself, 'memory' if it is too large for one buffer.
 */
export function writeSafetensors(content: SafetensorsContent): ArrayBuffer {
  const { head, sorted } = safetensorsHead(content);
  const out = new Uint8Array(allocate(sorted.reduce((sum, { data }) => sum + data.byteLength, head.length)));
  out.set(head);
  let at = head.length;
  for (const { data } of sorted) {
    out.set(data, at);
    at += data.byteLength;
  }
  return out.buffer;
}

/**
 * A file's bytes before the data, and the tensors in the order in which their data follow.
 * @throws AdaptiveError 'internal' if the content contradicts itself.
 */
export function safetensorsHead({ metadata = {}, tensors }: SafetensorsContent): {
  readonly head: Uint8Array;
  readonly sorted: readonly Tensor[];
} {
  const sorted = [...tensors].sort(
    (a, b) => rank(b.dtype) - rank(a.dtype) || (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  // Joined by hand: an object would put names such as "10" before all others.
  const members = Object.keys(metadata).length > 0 ? [`"${metadataKey}":${JSON.stringify(metadata)}`] : [];
  let dataBytes = 0;
  for (const { name, dtype, shape, data } of sorted) {
    const data_offsets = [dataBytes, (dataBytes += data.byteLength)];
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets })}`);
  }
  const header = encodeHeader(`{${members.join(',')}}`);
  const head = new Uint8Array(Math.ceil((lengthBytes + header.byteLength) / 8) * 8).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - lengthBytes), true);
  head.set(header, lengthBytes);
  return { head, sorted };
}

/** What the reader refuses, the writer must not write. */
function encodeHeader(text: string): Uint8Array {
  const header = new TextEncoder().encode(text);
  try {
    parseHeader(text);
    if (header.byteLength > maxHeaderBytes - 8) throw refusal('The header is longer than 100 MB.');
    return header;
  } catch (cause) {
    const { message } = AdaptiveError.from(cause);
    throw new AdaptiveError(
      'internal',
      `A safetensors file was about to be written wrongly. ${message}`,
      {},
      { cause },
    );
  }
}

function allocate(bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch (cause) {
    throw new AdaptiveError('memory', `There is no memory for a model file of ${grouped(bytes)} bytes.`, {}, { cause });
  }
}
