/** Where words end, in any script: Unicode's rules, which know that “isn’t” is one word and that 日本語 needs no spaces. */
let segmenter: Intl.Segmenter | null = null;

/**
 * The beginning of `text` with its first `count` words: the space before them and the marks right after them included.
 * With `unfinished`, the last word may go on beyond `text`, and is left out.
 */
export function firstWords(text: string, count: number, unfinished = false): string {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  let end = 0;
  let words = 0;
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    const last = index + segment.length === text.length;
    if (isWordLike && (words === count || (last && unfinished))) break;
    if (words === count && segment.trim() === '') break;
    if (isWordLike) words++;
    if (segment.trim() !== '') end = index + segment.length;
  }
  return text.slice(0, end);
}
