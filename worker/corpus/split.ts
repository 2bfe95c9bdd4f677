/**
 * Held out and trained on. Of several documents whole ones are held out, chosen by the hash of their text: so that it is
 * the same ones whatever the seed, the order and the weights, and whatever else is learned with them.
 */
import type { DocumentTable } from './document-table.js';
import { SpanList, type Span } from './spans.js';

/** Documents, and how many of them each file has. */
export interface Divided {
  readonly documents: DocumentTable;
  readonly files: readonly number[];
}

export interface Split {
  /** Of each file. */
  readonly training: readonly (readonly Span[])[];
  readonly held: readonly Span[];
}

/** Where documents are few and large, whole ones may come to much less than was asked for. */
const leastPart = 0.5;
/** Then documents are split that have at least this part of all tokens: so that there are not too many of them. */
const leastShare = 0.001;

/** From where on a document is held out: the tokens before are trained on. */
type Boundary = (document: number, length: number) => number;

/**
 * A single document, and several of which no whole ones come to at least half of `fraction`, are split each at its last
 * `fraction`. Documents are held out whole as long as they come to no more than `fraction` of all tokens; those that are
 * equal, together.
 */
export function split(corpus: Divided, fraction: number): Split {
  const { documents } = corpus;
  let total = 0;
  for (let i = 0; i < documents.length; i++) total += documents.tokens(i);
  const { held, tokens } = chooseWhole(documents, documents.length > 1 ? fraction * total : 0);
  const enough = tokens > 0 && tokens >= leastPart * fraction * total;
  return divide(
    corpus,
    enough
      ? (document, length) => (held[document] === 1 ? 0 : length)
      : (_, length) => (length < leastShare * total ? length : Math.floor(length * (1 - fraction))),
  );
}

/** By document, 1 for those that are held out; and how many tokens they have. */
function chooseWhole(documents: DocumentTable, most: number): { held: Uint8Array; tokens: number } {
  const { length } = documents;
  const held = new Uint8Array(length);
  let tokens = 0;
  const byHash = most > 0 ? Uint32Array.from({ length }, (_, i) => i) : new Uint32Array(0);
  byHash.sort((a, b) => documents.compareHashes(a, b));
  for (let from = 0, to = 0; from < byHash.length; from = to) {
    const first = byHash[from] ?? 0;
    let size = 0;
    for (; to < byHash.length && documents.compareHashes(byHash[to] ?? 0, first) === 0; to++) {
      size += documents.tokens(byHash[to] ?? 0);
    }
    if (size === 0 || tokens + size > most) continue;
    for (const document of byHash.subarray(from, to)) held[document] = 1;
    tokens += size;
  }
  return { held, tokens };
}

/** Millions of documents make no more spans than they must. */
function divide({ documents, files }: Divided, boundary: Boundary): Split {
  const held = new SpanList();
  let start = 0;
  let document = 0;
  const training = files.map((count) => {
    const own = new SpanList();
    for (const end = document + count; document < end; document++) {
      const length = documents.tokens(document);
      const middle = start + boundary(document, length);
      own.add(start, middle);
      held.add(middle, start + length);
      start += length;
    }
    return own.spans;
  });
  return { training, held: held.spans };
}
