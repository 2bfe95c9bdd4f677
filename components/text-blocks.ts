/**
 * Cuts a long text into blocks of whole lines, so that the browser lays out only the last one again while it grows.
 * Joined they are the text.
 */
const blockLength = 1500; // characters

export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let start = 0;
  while (text.length - start > blockLength) {
    const end = text.indexOf('\n', start + blockLength);
    if (end < 0) break;
    blocks.push(text.slice(start, end + 1));
    start = end + 1;
  }
  blocks.push(text.slice(start));
  return blocks;
}
