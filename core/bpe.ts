/**
 * A byte-level BPE vocabulary, written down and read. Its tokens are numbered: 0 … 255 single bytes in GPT-2's order
 * (those that print, then the rest), 256 + r what merge r joins, then the special ones. A number is the token's id,
 * unless `ids` says otherwise.
 */
import * as v from 'valibot';
import { AdaptiveError } from './errors.js';
import { settings } from './parse.js';

/** Ids are 16-bit. */
export const mostTokens = 65_536;

const halfWords = (message: string) => v.pipe(v.string(message), v.base64(message));

/** Texts that have a token of their own wherever they occur, such as <|endoftext|>. Long texts are cut at white space. */
export const specialTexts = v.array(
  v.pipe(
    v.string('expected a text'),
    v.nonEmpty('expected a text that is not empty'),
    v.regex(/^\P{White_Space}*$/u, 'expected a text without white space'),
  ),
);

export const bpeSpec = settings({
  kind: v.literal('bpe'),
  /** Base64 of u16 [M, 2], low bytes first: the numbers of the two tokens that each merge joins. */
  merges: halfWords('expected the merges as Base64'),
  specials: v.optional(specialTexts),
  /** Base64 of u16 [256 + M + S]: the id of each token. */
  ids: v.optional(halfWords('expected the ids as Base64')),
});

export type BpeSpec = v.InferOutput<typeof bpeSpec>;

/** What all tokens have together; a file could ask for any amount by joining the longest with itself. */
const mostBytes = 2 ** 24;

export interface BpeVocabulary {
  /** [M, 2] token numbers. */
  readonly merges: Uint16Array;
  readonly specials: readonly string[];
  /** [256 + M + S] by token number. */
  readonly ids: Uint16Array;
  /** V: ids are 0 … V − 1, and each has a token. */
  readonly size: number;
}

/** The byte that each of the first 256 tokens is. */
export const bytesInOrder: readonly number[] = (() => {
  const prints = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  return [...all.filter(prints), ...all.filter((byte) => !prints(byte))];
})();

/** @throws AdaptiveError 'model-file' if it is no vocabulary. */
export function readBpe(spec: BpeSpec): BpeVocabulary {
  const merges = decodeHalfWords(spec.merges);
  const { specials = [] } = spec;
  const count = merges.length / 2;
  const tokens = 256 + count + specials.length;
  if (!Number.isInteger(count) || tokens > mostTokens) {
    throw wrong(`it has ${tokens} tokens, of at most ${mostTokens}`);
  }
  const late = merges.findIndex((token, at) => token >= 256 + Math.floor(at / 2));
  if (late >= 0) throw wrong(`merge ${Math.floor(late / 2)} joins a token that is not there yet`);
  const ids = spec.ids === undefined ? Uint16Array.from({ length: tokens }, (_, i) => i) : decodeHalfWords(spec.ids);
  if (ids.length !== tokens) throw wrong(`it has ${tokens} tokens, and ids for ${ids.length}`);
  const size = new Set(ids).size;
  if (ids.some((id) => id >= size)) throw wrong(`its ids do not count from 0 to ${size - 1}`);
  return { merges, specials, ids, size };
}

/** The shortest writing of a vocabulary. */
export function writeBpe({ merges, specials, ids }: Omit<BpeVocabulary, 'size'>): BpeSpec {
  return {
    kind: 'bpe',
    merges: encodeHalfWords(merges),
    ...(specials.length > 0 && { specials: [...specials] }),
    ...(ids.some((id, number) => id !== number) && { ids: encodeHalfWords(ids) }),
  };
}

/** The bytes of every id: those of id i are bytes[starts[i]] up to, not including, bytes[starts[i + 1]]. */
export interface TokenBytes {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** @throws AdaptiveError 'model-file' if the tokens are too long, or two that differ have one id. */
export function tokenBytes({ merges, specials, ids, size }: BpeVocabulary): TokenBytes {
  const utf8 = new TextEncoder();
  const texts: Uint8Array[] = bytesInOrder.map((byte) => Uint8Array.of(byte));
  let total = 256;
  const add = (text: Uint8Array) => {
    total += text.length;
    if (total > mostBytes) throw wrong('its tokens are too long');
    texts.push(text);
  };
  for (let at = 0; at < merges.length; at += 2) {
    const [left, right] = [texts[merges[at] ?? 0] ?? [], texts[merges[at + 1] ?? 0] ?? []];
    const joined = new Uint8Array(left.length + right.length);
    joined.set(left);
    joined.set(right, left.length);
    add(joined);
  }
  for (const special of specials) add(utf8.encode(special));

  const byId: (Uint8Array | undefined)[] = Array.from({ length: size });
  texts.forEach((text, number) => {
    const id = ids[number] ?? 0;
    const known = byId[id];
    if (known && !(known.length === text.length && known.every((byte, i) => byte === text[i]))) {
      throw wrong(`two of its tokens have the id ${id}`);
    }
    byId[id] = text;
  });
  const bytes = new Uint8Array(byId.reduce((sum, text) => sum + (text?.length ?? 0), 0));
  const starts = new Uint32Array(size + 1);
  let at = 0;
  byId.forEach((text = new Uint8Array(0), id) => {
    bytes.set(text, at);
    at += text.length;
    starts[id + 1] = at;
  });
  return { bytes, starts };
}

function encodeHalfWords(values: Uint16Array): string {
  let text = '';
  for (const value of values) text += String.fromCharCode(value & 0xff, value >> 8);
  return btoa(text);
}

function decodeHalfWords(text: string): Uint16Array {
  const bytes = atob(text);
  return Uint16Array.from(
    { length: Math.ceil(bytes.length / 2) },
    (_, i) => bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8),
  );
}

function wrong(what: string): AdaptiveError {
  return new AdaptiveError('model-file', `Tokenizer: the vocabulary is broken, ${what}. Get the file again.`);
}
