/** Embedding with row dropout: whole word types are dropped, the same ones throughout a segment. */
import type { Stack, View } from '../core/program.js';
import type { Context } from './context.js';

export interface EmbeddingOptions {
  readonly vocabularySize: number;
  readonly embeddingSize: number;
  /** Probability that a row of the weight is zero during a segment. */
  readonly dropout: number;
}

export class Embedding {
  /** [T, B, E] */
  readonly y: Stack;
  readonly #rowMask: View | null; // [V]

  constructor(
    readonly context: Context,
    /** [T, B], i32 */
    readonly ids: View,
    readonly options: EmbeddingOptions,
  ) {
    const { vocabularySize, embeddingSize, dropout } = options;
    this.y = context.builder.stack('embedding.y', context.batch, embeddingSize);
    this.#rowMask = context.mask('embedding.mask', vocabularySize, dropout);
  }

  /** y = weight[ids] ⊙ rowMask[ids] */
  forward(): void {
    const { builder, rows } = this.context;
    const { vocabularySize: vocabulary, embeddingSize: width } = this.options;
    const weight = this.context.weight('embedding.weight'); // [V, E]
    builder.call(
      'embeddingForward',
      { ids: this.ids, weight, rowMask: this.#rowMask, y: this.y.all() },
      { n: rows, vocabulary, width },
    );
  }

  /** dweight[ids] += dy ⊙ rowMask[ids] */
  backward(dy: Stack): void {
    const { builder, rows } = this.context;
    const { vocabularySize: vocabulary, embeddingSize: width } = this.options;
    const dweight = this.context.gradient('embedding.weight'); // [V, E]
    builder.call(
      'embeddingBackward',
      { ids: this.ids, dy: dy.all(), rowMask: this.#rowMask, dweight },
      { n: rows, vocabulary, width },
    );
  }
}
