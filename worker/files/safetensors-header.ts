/** The JSON header of a safetensors file: what it may say, and where it puts the tensors. */
import { dtypes, isDtype, type Dtype } from './tensor.js';
import { getItAgain, grouped, quote, refusal, shapeText } from './refusal.js';
import { isObject, parseStrictJson } from './strict-json.js';

export const metadataKey = '__metadata__';

/** A tensor before its bytes have been looked at. `begin` and `end` count from the start of the data. */
export interface Slot {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly slots: readonly Slot[];
}

/**
 * Checks each member for itself; whether the slots fit together, and the file, is not known here.
 * @throws AdaptiveError 'model-file'
 */
export function parseHeader(text: string): Header {
  const header = parseStrictJson(text, 'The header of the model file');
  if (!isObject(header)) throw refusal(`The header of the model file is not a JSON object. ${getItAgain}`);
  let metadata: Header['metadata'] = {};
  const slots: Slot[] = [];
  for (const [name, value] of Object.entries(header)) {
    checkName(name);
    if (name === metadataKey) metadata = parseMetadata(value);
    else slots.push(parseSlot(name, value));
  }
  return { metadata, slots };
}

/** Names become keys of objects. */
function checkName(name: string): void {
  if (name === '__proto__') {
    throw refusal(`"__proto__" cannot be the name of a tensor or of metadata. ${getItAgain}`, {
      tensor: name,
    });
  }
  checkText(name);
}

/** What JSON may escape but UTF-8 cannot hold. */
function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw refusal(`The header holds half a character (a lone surrogate), in ${quote(text)}. ${getItAgain}`);
  }
}

function parseMetadata(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) throw refusal(`The metadata of the model file is not a JSON object. ${getItAgain}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      checkName(key);
      if (typeof entry !== 'string') {
        throw refusal(`The metadata ${quote(key)} should be a string and is ${describe(entry)}. ${getItAgain}`, {
          key,
        });
      }
      checkText(entry);
      return [key, entry];
    }),
  );
}

function parseSlot(name: string, value: unknown): Slot {
  const wrong = (problem: string) => refusal(`Tensor ${quote(name)}: ${problem}. ${getItAgain}`, { tensor: name });
  if (!isObject(value)) throw wrong(`expected { dtype, shape, data_offsets }, got ${describe(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw wrong(`its dtype should be a string and is ${describe(dtype)}`);
  if (!isDtype(dtype)) {
    throw refusal(
      `Tensor ${quote(name)} has the number format ${quote(dtype)}, which is not read here. ` +
        `Store it in one of ${Object.keys(dtypes).join(', ')}.`,
      { tensor: name, dtype },
    );
  }
  if (!isSizes(shape)) throw wrong(`its shape should be a list of whole numbers and is ${describe(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw wrong(`its data_offsets should be [begin, end] in whole numbers and are ${describe(offsets)}`);
  }
  const [begin = 0, end = 0] = offsets;
  if (end < begin) throw wrong(`its data end (${grouped(end)}) before they begin (${grouped(begin)})`);
  const size = byteSize(shape, dtypes[dtype].bytes);
  if (size === null) throw wrong(`its shape ${shapeText(shape)} is larger than any memory`);
  if (size !== end - begin) {
    throw wrong(
      `its shape ${shapeText(shape)} in ${dtype} takes ${grouped(size)} bytes, and it has ${grouped(end - begin)}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Bytes of a tensor; null if a partial product cannot be counted, even where a later 0 would make it 0. */
function byteSize(shape: readonly number[], elementBytes: number): number | null {
  let size = elementBytes;
  for (const dim of shape) {
    size *= dim;
    if (!Number.isSafeInteger(size)) return null;
  }
  return size;
}

/** A value from the header, short. */
function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return quote(value);
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
