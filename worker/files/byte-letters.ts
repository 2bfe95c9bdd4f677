/**
 * Bytes as letters, as files of byte-level BPE have them: those that print in Latin-1 stand for themselves, and the others,
 * in their order, for U+0100 and on. A space is Ġ, a line feed Ċ.
 */
import { bytesInOrder } from '../../core/bpe.js';

const printing = 188;

/** In the order of the first 256 tokens. */
export const letters: readonly string[] = bytesInOrder.map((byte, number) =>
  String.fromCharCode(number < printing ? byte : 0x100 + number - printing),
);
