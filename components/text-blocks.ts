/**
 * Cuts a long text into blocks of whole lines, so that the browser lays out only the last one again while it grows.
 * Joined they are the text.
 */
const blockLength = 1500; // characters
/** A line longer than this is broken all the same, at a space: laying out 40,000 characters anew takes 50 ms. */
const longestBlock = 3000;

export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let start = 0;
  while (text.length - start > blockLength) {
    const end = blockEnd(text, start);
    if (end === null) break;
    blocks.push(text.slice(start, end));
    start = end;
  }
  blocks.push(text.slice(start));
  return blocks;
}

/** Where the block from `start` ends for good, however the text goes on; null while that is open. */
function blockEnd(text: string, start: number): number | null {
  const limit = start + longestBlock;
  const line = text.indexOf('\n', start + blockLength);
  if (line >= 0 && line < limit) return line + 1;
  if (text.length <= limit) return null;
  const space = text.lastIndexOf(' ', limit - 1);
  if (space >= start + blockLength) return space + 1;
  return /[\udc00-\udfff]/.test(text.charAt(limit)) ? limit - 1 : limit; // not between the halves of a character
}
