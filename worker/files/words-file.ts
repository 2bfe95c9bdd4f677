/** A vocabulary of words as a file: `vocab.txt`, one word a line in the order of the ids, <unk> and <eos> first. */
import { parseTokenizerSpec, type TokenizerSpec } from '../../core/tokenizer.js';
import { lineEnd, unknownWord } from '../text/word-vocabulary.js';

const head = `${unknownWord}\n${lineEnd}\n`;

export function isWordsFile(text: string): boolean {
  return text.startsWith(head);
}

/** @throws AdaptiveError 'model-file' */
export function readWordsFile(text: string): TokenizerSpec {
  const words = text.slice(head.length).replace(/\n$/, '').replaceAll('\n', ' ');
  return parseTokenizerSpec({ kind: 'words', words });
}

export function writeWordsFile(words: string): string {
  return `${head}${words.replaceAll(' ', '\n')}\n`;
}
