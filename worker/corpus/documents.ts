/** Where one document of a source ends and the next one begins. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Stands between the bytes of two documents. */
export const nextDocument = Symbol('next document');
export type Piece = Bytes | typeof nextDocument;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Text with a document ending at each line that is `separator`, which belongs to none. */
export async function* atSeparators(pieces: AsyncIterable<Piece>, separator: string): AsyncGenerator<Piece> {
  const cutter = new SeparatorLines(separator);
  for await (const piece of pieces) {
    if (piece === nextDocument) yield* [...cutter.end(), piece];
    else yield* cutter.push(piece);
  }
  yield* cutter.end();
}

/** Finds lines in bytes that come in any pieces. Of a line that may be one it holds what was seen, and no more. */
export class SeparatorLines {
  readonly #separator: Bytes;
  /** How much of the separator the line has so far; −1 when it is another line. */
  #matched = 0;
  /** The separator, and then a carriage return. */
  #returned = false;

  constructor(separator: string) {
    this.#separator = new TextEncoder().encode(separator);
  }

  push(chunk: Bytes): Piece[] {
    const pieces: Piece[] = [];
    // What of the chunk is to go on, and where the line began that may be a separator. Below 0: in chunks before.
    let from = 0;
    let begun = -this.#held;
    for (let at = 0; at < chunk.length;) {
      if (this.#matched < 0) {
        const end = chunk.indexOf(lineFeed, at);
        if (end < 0) break;
        at = begun = end + 1;
        this.#matched = 0;
      } else if (this.#isEnd(chunk[at])) {
        if (begun > from) pieces.push(chunk.subarray(from, begun));
        pieces.push(nextDocument);
        this.#matched = 0;
        this.#returned = false;
        at = from = begun = at + 1;
      } else if (this.#matches(chunk[at])) {
        at++;
      } else {
        if (begun < 0) pieces.push(this.#seen().subarray(0, -begun));
        this.#matched = -1;
        this.#returned = false;
      }
    }
    const end = this.#held > 0 ? Math.max(0, begun) : chunk.length;
    if (end > from) pieces.push(chunk.subarray(from, end));
    return pieces;
  }

  /** All has come. A separator needs no line end then. */
  end(): Piece[] {
    const held = this.#held > 0 && !this.#isEnd(lineFeed) ? [this.#seen()] : [];
    this.#matched = 0;
    this.#returned = false;
    return held;
  }

  /** Bytes of the line so far, if it may be a separator. */
  get #held(): number {
    return Math.max(0, this.#matched) + Number(this.#returned);
  }

  #isEnd(byte: number | undefined): boolean {
    return byte === lineFeed && this.#matched === this.#separator.length;
  }

  /** Takes a byte that goes on with what a separator has. */
  #matches(byte: number | undefined): boolean {
    if (this.#returned) return false;
    if (this.#matched === this.#separator.length) return (this.#returned = byte === carriageReturn);
    if (byte !== this.#separator[this.#matched]) return false;
    this.#matched++;
    return true;
  }

  /** The line so far. */
  #seen(): Bytes {
    const seen = this.#separator.slice(0, this.#matched);
    return this.#returned ? Uint8Array.of(...seen, carriageReturn) : seen;
  }
}

/** Pieces as documents, of which there is always one, be it empty. */
export class Documents {
  #ended = false;

  /** `more`: whether there may be another document; otherwise this one goes on. */
  constructor(
    readonly pieces: AsyncGenerator<Piece>,
    readonly more: () => boolean,
  ) {}

  /** Whether all were read to their ends. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The bytes of the next one. */
  async *next(): AsyncGenerator<Bytes> {
    for (;;) {
      const piece = await this.pieces.next();
      if (piece.done) {
        this.#ended = true;
        return;
      }
      if (piece.value !== nextDocument) yield piece.value;
      else if (this.more()) return;
    }
  }

  /** Lets the source go. Twice is harmless. */
  async close(): Promise<void> {
    await this.pieces.return(undefined);
  }
}
