/** Linear: y = x Wᵀ + b over all steps at once, as the decoder does. */
import type { Size, Stack, View } from '../core/program.js';
import type { Context } from './context.js';

export interface LinearOptions {
  /** Parameter names; a tied decoder names the embedding's weight. */
  readonly weight: string; // [O, I]
  readonly bias: string; // [O]
  readonly inputSize: number;
  readonly outputSize: number;
}

export class Linear {
  constructor(
    readonly context: Context,
    readonly options: LinearOptions,
  ) {}

  /** y [M, O] = x [M, I] · Wᵀ + b */
  forward(x: View, y: View, m: Size): void {
    const { inputSize: k, outputSize: n, weight, bias } = this.options;
    this.context.builder.call(
      'productNT',
      { a: x, b: this.context.weight(weight), bias: this.context.weight(bias), c: y },
      { m, n, k, accumulate: 0 },
    );
  }

  /** dx = dy W; dW += dyᵀ x; db += Σ dy */
  backward(x: View, dy: View, dx: Stack): void {
    const { builder, rows } = this.context;
    const { inputSize, outputSize, weight, bias } = this.options;
    builder.call(
      'productNN',
      { a: dy, b: this.context.weight(weight), c: dx.all() },
      { m: rows, n: inputSize, k: outputSize, accumulate: 0 },
    );
    builder.call(
      'productTN',
      { a: dy, b: x, c: this.context.gradient(weight) },
      { m: outputSize, n: inputSize, k: rows, accumulate: 1 },
    );
    builder.call('columnSum', { x: dy, y: this.context.gradient(bias) }, { m: rows, n: outputSize });
  }
}
