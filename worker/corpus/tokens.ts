/** The tokens of a corpus, 16-bit ids, wherever they are. */
import { AdaptiveError } from '../../core/errors.js';
import type { ReadableFile } from '../storage/folder.js';

export type Ids = Uint16Array;

export interface Tokens {
  readonly length: number;
  /** Of memory that they hold. */
  readonly bytes: number;
  readonly place: 'memory' | 'disk';
  /** Fills `into` with the ids from token `at` on. @throws AdaptiveError 'disk' when they are not there any longer */
  read(into: Ids, at: number): void | Promise<void>;
  /** Twice is harmless. */
  close(): Promise<void>;
}

export function bytesOf(ids: Ids): Uint8Array {
  return new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
}

/** Ids in runs of one length, so that a text of any size is never copied as a whole. */
export const runLength = 2 ** 19;

export class MemoryTokens implements Tokens {
  readonly place = 'memory';

  /** All runs but the last are `runLength` long. */
  constructor(
    readonly runs: readonly Ids[],
    readonly length: number,
  ) {}

  get bytes(): number {
    return this.runs.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  read(into: Ids, at: number): void {
    for (let done = 0; done < into.length;) {
      const place = at + done;
      const run = this.runs[Math.floor(place / runLength)];
      const from = place % runLength;
      const piece = run?.subarray(from, from + into.length - done);
      if (!piece || piece.length === 0) throw new AdaptiveError('internal', `There is no token ${place}.`);
      into.set(piece, done);
      done += piece.length;
    }
  }

  async close(): Promise<void> {}
}

/** Ids in a file, little end first, as all platforms that run WebAssembly have them. */
export class FileTokens implements Tokens {
  readonly place = 'disk';
  readonly bytes = 0;

  constructor(
    readonly file: ReadableFile,
    readonly length: number,
    readonly onClose: () => void,
  ) {}

  async read(into: Ids, at: number): Promise<void> {
    if ((await this.file.read(bytesOf(into), at * 2)) === into.byteLength) return;
    throw new AdaptiveError(
      'disk',
      'The stored tokens of the text end too early: stored data may have been cleared meanwhile. Give the text again.',
      { name: this.file.name, at },
    );
  }

  async close(): Promise<void> {
    this.onClose();
    await this.file.close();
  }
}
