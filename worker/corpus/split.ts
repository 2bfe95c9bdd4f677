/**
 * Held out and trained on. Of several documents whole ones are held out, chosen by the hash of their text: so that it is
 * the same ones whatever the seed, the order and the weights, and whatever else is learned with them.
 */
import { joined, spanLength, type Span } from './spans.js';

export interface DocumentSpan extends Span {
  /** Of the text. */
  readonly hash: string;
}

export interface Split {
  /** By document; those that are held out as a whole have none. */
  readonly training: readonly (Span | null)[];
  readonly held: readonly Span[];
}

/** Where documents are few and large, whole ones may come to much less than was asked for. */
const leastPart = 0.5;

/**
 * A single document, and several of which no whole ones come to at least half of `fraction`, are split each at its last
 * `fraction`. Documents are held out whole as long as they come to no more than `fraction` of all tokens.
 */
export function split(documents: readonly DocumentSpan[], fraction: number): Split {
  const total = documents.reduce((sum, document) => sum + spanLength(document), 0);
  const held = documents.length > 1 ? chooseWhole(documents, fraction * total) : new Set<DocumentSpan>();
  const heldTokens = [...held].reduce((sum, document) => sum + spanLength(document), 0);
  if (heldTokens < leastPart * fraction * total || held.size === 0) return splitEach(documents, fraction);
  return {
    training: documents.map((document) => (held.has(document) ? null : document)),
    held: joined(documents.filter((document) => held.has(document))),
  };
}

function chooseWhole(documents: readonly DocumentSpan[], most: number): Set<DocumentSpan> {
  const byHash = [...documents].sort((a, b) => (a.hash < b.hash ? -1 : Number(a.hash > b.hash)));
  const chosen = new Set<DocumentSpan>();
  let left = most;
  for (const document of byHash) {
    const length = spanLength(document);
    if (length === 0 || length > left) continue;
    chosen.add(document);
    left -= length;
  }
  return chosen;
}

function splitEach(documents: readonly DocumentSpan[], fraction: number): Split {
  const boundary = ({ start, end }: Span) => start + Math.floor((end - start) * (1 - fraction));
  return {
    training: documents.map((document) => ({ start: document.start, end: boundary(document) })),
    held: joined(documents.map((document) => ({ start: boundary(document), end: document.end }))),
  };
}
