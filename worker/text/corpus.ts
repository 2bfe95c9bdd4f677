/** Token ids of a whole corpus in the module's memory, and streams of parts of it. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { segmentSteps, type TokenStream } from '../token-stream.js';
import type { CorpusText } from './corpus-text.js';
import { Encoding } from './encoding.js';
import type { Block, TextMemory } from './text-memory.js';

/** Tokens `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Training part and held-out part: the last `fraction` of n tokens. */
export function split(n: number, fraction: number): { readonly training: Span; readonly held: Span } {
  const boundary = Math.floor(n * (1 - fraction));
  return { training: { start: 0, end: boundary }, held: { start: boundary, end: n } };
}

export function spanLength({ start, end }: Span): number {
  return end - start;
}

/** R: steps that each of B rows of a span lasts. The last token of a row is a target only. */
export function rowLengthOf(span: Span, batchSize: number): number {
  return Math.max(0, Math.floor((spanLength(span) - 1) / batchSize));
}

/** 16-bit ids [length]. */
export class Corpus {
  private constructor(
    readonly memory: TextMemory,
    readonly ids: Block,
    readonly length: number,
    /** Its tokenizer has an id for every text. */
    readonly knowsAll: boolean,
  ) {}

  /** Encodes a text, whose memory it gives back. */
  static encode(memory: TextMemory, spec: TokenizerSpec, { block, taken, characters }: CorpusText): Corpus {
    const encoding = new Encoding(memory, spec);
    const { knowsAll } = encoding;
    const ids = memory.take((spec.kind === 'characters' ? characters : block.bytes) * 2);
    const length = encoding.encode(block, ids);
    encoding.free();
    memory.giveBack(taken);
    return new Corpus(memory, ids, length, knowsAll);
  }

  /** Of ids that were kept. */
  static of(memory: TextMemory, ids: Uint16Array): Corpus {
    const block = memory.take(ids.byteLength);
    memory.halfWords(block).set(ids);
    return new Corpus(memory, block, ids.length, false);
  }

  /** A view of all ids, good until more memory is taken. */
  get tokens(): Uint16Array {
    return this.memory.halfWords(this.ids).subarray(0, this.length);
  }

  countUnknown({ start, end }: Span): number {
    return this.memory.call.countUnknown(this.ids.address + start * 2, end - start);
  }

  /** The span as B contiguous rows, for segments of at most `longest` steps. */
  stream(span: Span, batchSize: number, longest: number): TokenStream {
    return new CorpusStream(this, span, batchSize, longest);
  }
}

class CorpusStream implements TokenStream {
  readonly rowLength: number;
  position = 0;
  readonly #ids: Block;
  readonly #targets: Block;

  constructor(
    readonly corpus: Corpus,
    readonly span: Span,
    readonly batchSize: number,
    longest: number,
  ) {
    this.rowLength = rowLengthOf(span, batchSize);
    this.#ids = corpus.memory.take(longest * batchSize * 4);
    this.#targets = corpus.memory.take(longest * batchSize * 4);
  }

  next(ids: Int32Array, targets: Int32Array, maxSteps: number): number {
    const { corpus, span, batchSize, rowLength } = this;
    const { memory } = corpus;
    const steps = segmentSteps(this, maxSteps);
    const n = steps * batchSize;
    memory.call.fillSegment(
      corpus.ids.address + span.start * 2,
      spanLength(span),
      rowLength,
      batchSize,
      this.position % rowLength,
      steps,
      this.#ids.address,
      this.#targets.address,
    );
    ids.set(memory.integers(this.#ids).subarray(0, n));
    targets.set(memory.integers(this.#targets).subarray(0, n));
    this.position += steps;
    return steps;
  }
}
