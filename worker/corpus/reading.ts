/** One pass over all sources of a corpus, document by document and block by block, that can be stopped and tells how far it is. */
import { AdaptiveError } from '../../core/errors.js';
import type { Deduplication, ReadingProgress } from '../../core/corpus.js';
import { nextTask } from '../next-task.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { blockBytes, Blocks, type BlockReader } from './blocks.js';
import { Documents } from './documents.js';
import { Repeats } from './repeats.js';
import type { TextSource } from './sources.js';
import { textBytes } from './text-bytes.js';

export interface ReadingOptions {
  /** Whether there are several documents: then each ends in a line feed. */
  readonly several: boolean;
  readonly deduplicate: Deduplication | null;
  /** Documents that are told apart, 2^22 unless given: 12 bytes are held for each. The last one takes in all that follow. */
  readonly mostDocuments?: number;
  readonly onProgress: (progress: ReadingProgress) => void;
  /** Whether somebody wants it to stop; asked before each source, and about every 256 KiB. */
  readonly stopped: () => boolean;
}

/** Progress is told at most this often. */
const progressInterval = 100; // ms

const usualDocuments = 2 ** 22;

export interface DocumentReader extends BlockReader {
  readonly onHead: (head: Uint8Array) => void;
  readonly onBlock: (block: Block) => void | Promise<void>;
  /** A document is at its end. */
  readonly onEnd: () => void;
}

export class Reading {
  readonly #repeats: Repeats | null;
  readonly #blocks: Blocks;
  #loadedBytes = 0;
  #totalBytes: number | null;
  #toldAt = -Infinity;
  /** Documents that have begun. */
  #documents = 0;
  /** Bytes of text since others had their turn. */
  #unrested = 0;

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

  /** One source. @throws AdaptiveError 'aborted', and as `textBytes` */
  async source(source: TextSource, reader: DocumentReader): Promise<void> {
    const { onHead, onBlock, onEnd } = reader;
    const before = this.#loadedBytes;
    const onBytes = (bytes: number, total: number | null): void => {
      // What is at an address tells its size when it is opened.
      if (source.bytes === null && this.#totalBytes === null && total !== null) this.#totalBytes = total;
      this.#loadedBytes += bytes;
      this.#tell(false);
    };
    this.#checkStopped();
    const { mostDocuments = usualDocuments } = this.options;
    const documents = new Documents(textBytes(source, { onBytes, onHead }), () => this.#documents < mostDocuments);
    try {
      do {
        this.#documents++;
        for await (const block of this.#blocks.of(documents.next(), reader)) {
          await onBlock(block);
          await this.#rest(block.bytes);
        }
        onEnd();
      } while (!documents.ended);
    } finally {
      await documents.close();
    }
    // Of a file that was left early as well.
    if (source.bytes !== null) this.#loadedBytes = before + source.bytes;
  }

  /** After the last source. */
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

  /** Once in a while, of short documents not for each. */
  async #rest(bytes: number): Promise<void> {
    this.#unrested += bytes;
    if (this.#unrested < blockBytes / 4) return;
    this.#unrested = 0;
    await nextTask();
    this.#checkStopped();
  }

  #checkStopped(): void {
    if (this.options.stopped()) {
      throw new AdaptiveError('aborted', 'The reading was stopped before training began. Nothing has changed.');
    }
  }
}
