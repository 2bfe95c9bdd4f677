/**
 * Where each character of a field's text comes from, so that only what the reader typed is learned, and only once. What
 * changed is found by comparing: fields do not tell.
 */

/** `typed` by the reader; `accepted` from a suggestion; `foreign`: pasted, dropped, filled in, undone, set by the page. */
export type Origin = 'typed' | 'accepted' | 'foreign';

const marks = { typed: 't', accepted: 'a', foreign: '-' } as const;
const learned = '-';

/** Pieces are about so long, in UTF-16 units; the rest may be shorter, but not too short to be worth a step. */
const pieceLength = 200;
const leastLength = 20;

export class Provenance {
  #text = '';
  /** A mark for each unit of #text. */
  #marks = '';

  /** The text is `text` now; what is new in it came from `origin`. */
  update(text: string, origin: Origin): void {
    const old = this.#text;
    if (text === old) return;
    const most = Math.min(old.length, text.length);
    let start = 0;
    while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start++;
    let end = 0;
    while (end < most - start && old.charCodeAt(old.length - 1 - end) === text.charCodeAt(text.length - 1 - end)) end++;
    const added = marks[origin].repeat(text.length - start - end);
    this.#marks = this.#marks.slice(0, start) + added + this.#marks.slice(old.length - end);
    this.#text = text;
  }

  /**
   * Pieces of unbroken writing that were not taken before, at least half of each typed. Until it is the `end` of the
   * writing, what is short waits to become longer, and no word is cut.
   */
  take(end: boolean): string[] {
    const pieces: string[] = [];
    for (const { 0: run, index } of this.#marks.matchAll(/[ta]+/g)) {
      for (let from = index; from < index + run.length;) {
        const rest = this.#text.slice(from, index + run.length);
        const piece = rest.length > pieceLength ? upToASpace(rest.slice(0, pieceLength)) : end ? rest : '';
        if (piece.trim().length < leastLength) break;
        const origins = this.#marks.slice(from, from + piece.length);
        if (2 * origins.replaceAll('a', '').length >= piece.length) pieces.push(piece);
        this.#marks =
          this.#marks.slice(0, from) + learned.repeat(piece.length) + this.#marks.slice(from + piece.length);
        from += piece.length;
      }
    }
    return pieces;
  }

  /** Nothing of what stands there now is ever taken. */
  skip(): void {
    this.#marks = learned.repeat(this.#text.length);
  }
}

function upToASpace(text: string): string {
  const space = /\s\S*$/.exec(text);
  return space ? text.slice(0, space.index + 1) : text;
}
