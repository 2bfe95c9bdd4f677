/** One pass over all sources of a corpus, document by document and block by block, that can be stopped and tells how far it is. */
import { AdaptiveError } from '../../core/errors.js';
import type { Deduplication, ReadingProgress } from '../../core/corpus.js';
import { nextTask } from '../next-task.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { Blocks, type BlockReader } from './blocks.js';
import { Repeats } from './repeats.js';
import type { TextSource } from './sources.js';
import { textBytes } from './text-bytes.js';

export interface ReadingOptions {
  /** Whether there are several documents: then each ends in a line feed. */
  readonly several: boolean;
  readonly deduplicate: Deduplication | null;
  readonly onProgress: (progress: ReadingProgress) => void;
  /** Whether somebody wants it to stop; asked between two blocks. */
  readonly stopped: () => boolean;
}

/** Progress is told at most this often. */
const progressInterval = 100; // ms

export interface DocumentReader extends BlockReader {
  readonly onHead: (head: Uint8Array) => void;
  readonly onBlock: (block: Block) => void | Promise<void>;
}

export class Reading {
  readonly #repeats: Repeats | null;
  readonly #blocks: Blocks;
  #loadedBytes = 0;
  #totalBytes: number | null;
  #toldAt = -Infinity;

  /** `sources` are those of the whole pass. */
  constructor(
    readonly memory: TextMemory,
    readonly phase: ReadingProgress['phase'],
    sources: readonly TextSource[],
    readonly options: ReadingOptions,
  ) {
    this.#repeats = options.deduplicate === 'paragraphs' ? new Repeats(memory) : null;
    this.#blocks = new Blocks(memory, { repeats: this.#repeats, endLines: options.several });
    this.#totalBytes = sources.reduce<number | null>(
      (sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes),
      0,
    );
  }

  /** Paragraphs that were dropped. */
  get repeats(): number {
    return this.#repeats?.dropped ?? 0;
  }

  /** 0 … 1 of the bytes, or null while it is not known how many there are. */
  get part(): number | null {
    return this.#totalBytes === null ? null : this.#loadedBytes / Math.max(1, this.#totalBytes);
  }

  /** @throws AdaptiveError 'aborted', and as `textBytes` */
  async document(source: TextSource, reader: DocumentReader): Promise<void> {
    const { onHead, onBlock } = reader;
    const before = this.#loadedBytes;
    const onBytes = (bytes: number, total: number | null): void => {
      // What is at an address tells its size when it is opened.
      if (source.bytes === null && this.#totalBytes === null && total !== null) this.#totalBytes = total;
      this.#loadedBytes += bytes;
      this.#tell(false);
    };
    this.#checkStopped();
    for await (const block of this.#blocks.of(textBytes(source, { onBytes, onHead }), reader)) {
      await onBlock(block);
      await nextTask();
      this.#checkStopped();
    }
    // Of a file that was left early as well.
    if (source.bytes !== null) this.#loadedBytes = before + source.bytes;
  }

  /** After the last document. */
  end(): void {
    this.#tell(true);
    this.#blocks.free();
    this.#repeats?.free();
  }

  #tell(anyway: boolean): void {
    const now = performance.now();
    if (!anyway && now - this.#toldAt < progressInterval) return;
    this.#toldAt = now;
    this.options.onProgress({ phase: this.phase, loadedBytes: this.#loadedBytes, totalBytes: this.#totalBytes });
  }

  #checkStopped(): void {
    if (this.options.stopped()) {
      throw new AdaptiveError('aborted', 'The reading was stopped before training began. Nothing has changed.');
    }
  }
}
