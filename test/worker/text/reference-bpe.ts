/** Byte-level BPE as it is defined, with no regard to speed: what the text module is held to. */
import { bytesInOrder, type BpeVocabulary } from '../../../core/bpe.js';

/** GPT-2's own, with the white space of the engine that it was made with. */
export const piecePattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

const numberOf = new Map(bytesInOrder.map((byte, number) => [byte, number]));

function byteTokens(bytes: Uint8Array): number[] {
  return Array.from(bytes, (byte) => numberOf.get(byte) ?? -1);
}

/** Ids of texts without special ones: of each piece the pair of lowest rank is joined, the leftmost first, until none is left. */
export function referenceEncoder({ merges, ids }: BpeVocabulary): { encode(text: string): number[] } {
  const ranks = new Map<string, number>();
  for (let rank = 0; rank < merges.length / 2; rank++) ranks.set(`${merges[2 * rank]},${merges[2 * rank + 1]}`, rank);
  const join = (bytes: Uint8Array): number[] => {
    const tokens = byteTokens(bytes);
    for (;;) {
      let best = Infinity;
      let at = -1;
      for (let i = 0; i + 1 < tokens.length; i++) {
        const rank = ranks.get(`${tokens[i]},${tokens[i + 1]}`) ?? Infinity;
        if (rank < best) [best, at] = [rank, i];
      }
      if (at < 0) return tokens;
      tokens.splice(at, 2, 256 + best);
    }
  };
  const utf8 = new TextEncoder();
  return {
    encode: (text) =>
      (text.match(piecePattern) ?? []).flatMap((piece) => join(utf8.encode(piece)).map((token) => ids[token] ?? -1)),
  };
}

/** The merges that a text teaches, at most `wanted`: counted anew after each. */
export function learnMerges(text: string, wanted: number): number[] {
  const utf8 = new TextEncoder();
  const words = new Map<string, number>();
  for (const piece of text.match(piecePattern) ?? []) words.set(piece, (words.get(piece) ?? 0) + 1);
  const pieces = [...words].map(([piece, count]) => ({ tokens: byteTokens(utf8.encode(piece)), count }));
  const merges: number[] = [];
  while (merges.length < 2 * wanted) {
    const counts = new Map<number, number>();
    for (const { tokens, count } of pieces) {
      for (let i = 0; i + 1 < tokens.length; i++) {
        const key = (tokens[i] ?? 0) * 65_536 + (tokens[i + 1] ?? 0);
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    const [best] = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
    if (!best || best[1] < 2) break;
    const [left, right] = [Math.floor(best[0] / 65_536), best[0] % 65_536];
    const token = 256 + merges.length / 2;
    merges.push(left, right);
    for (const { tokens } of pieces) {
      for (let i = 0; i + 1 < tokens.length; i++) {
        if (tokens[i] === left && tokens[i + 1] === right) tokens.splice(i, 2, token);
      }
    }
  }
  return merges;
}
