/** Which words a model of words knows: the most frequent. */
import { AdaptiveError } from '../../core/errors.js';
import type { WordCounter } from './word-counter.js';

/** What stands for a word that is not known, also in a text that was made ready elsewhere, and for the end of a line. */
export const unknownWord = '<unk>';
export const lineEnd = '<eos>';

/**
 * At most `most` words that occur `least` times or more, the most frequent first, with one space between them. Equally
 * frequent ones are in the order of their UTF-16 units.
 * @throws AdaptiveError 'corpus-too-short' if there is none
 */
export function chooseWords(counter: WordCounter, most: number, least: number): string {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const counts: number[] = [];
  for (const { count } of counter.entries(least)) counts.push(count);
  const rank = counts.sort((a, b) => b - a)[most + 2] ?? least;
  const words: { readonly text: string; readonly count: number }[] = [];
  for (const { bytes, count } of counter.entries(Math.max(least, rank))) {
    const text = utf8.decode(bytes);
    // What is not UTF-8 could not be written down.
    if (text !== unknownWord && text !== lineEnd && !text.includes('\ufffd')) words.push({ text, count });
  }
  if (words.length === 0) {
    const rarely = least > 1 ? ` ${least} times or more` : '';
    throw new AdaptiveError('corpus-too-short', `The text has no words${rarely}. Give it more text.`, { least });
  }
  words.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  return words
    .slice(0, most)
    .map(({ text }) => text)
    .join(' ');
}
