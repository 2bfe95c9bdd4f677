/**
 * The adaptive feed-forward layer (paper, section 3): y = φ(a), where a is a chain of products and scalings by policies,
 *
 *   static  a = W x + b                    input  a = W (d₁ ⊙ x) + d₀ ⊙ b
 *   output  a = d₁ ⊙ (W x) + d₀ ⊙ b       io     a = d₂ ⊙ (W (d₁ ⊙ x)) + d₀ ⊙ b
 *   sva     a = W₂ (d ⊙ (W₁ x)) + d₀ ⊙ b
 *
 * d₀ is 1 unless the bias is adapted. Each stage of the chain has its forward and its backward; the layer goes through them
 * one way and back. Rows are examples: M of them, O outputs, I inputs, P policy rows.
 */
import { linearStages, type LinearStage } from '../core/feed-forward-parameters.js';
import type { AdaptiveLinearConfig } from '../core/feed-forward-config.js';
import { activations } from '../core/ops.js';
import { shifted, type View } from '../core/program.js';
import type { Context } from './context.js';
import { LinearPolicy } from './linear-policy.js';

/** A stage with where its result and, in training, its result's gradient are. */
interface Placed {
  readonly stage: LinearStage;
  readonly y: View; // [M, size]
  /** null for the last stage, whose result's gradient is da. */
  readonly dy: View | null; // [M, size]
  /** Column of the policy where a scaling's begins; where the bias' does, after the last. */
  readonly column: number;
}

export class AdaptiveLinear {
  readonly preactivation: View; // [M, O]  a
  readonly y: View; // [M, O]  φ(a); the same place where φ is the identity
  readonly policy: LinearPolicy | null;
  readonly #stages: readonly Placed[];
  /** Where d₀ begins in the policy's rows; null where it is 1. */
  readonly #biasColumn: number | null;
  readonly #dbias: View | null; // [M, O]  d₀ ⊙ da

  constructor(
    readonly context: Context,
    readonly prefix: string, // 'layers.0'
    readonly config: AdaptiveLinearConfig,
    readonly inputSize: number,
  ) {
    const { training } = context;
    const { adaptation, outputSize, activation, adaptBias } = config;
    const stages = linearStages(config, inputSize);
    let column = 0;
    this.#stages = stages.map((stage, index): Placed => {
      const size = stage.kind === 'product' ? stage.outputSize : stage.size;
      const isLast = index === stages.length - 1;
      const y = this.#matrix(isLast ? 'a' : `stage.${index}`, size);
      const dy = training && !isLast ? this.#matrix(`stage.${index}.gradient`, size) : null;
      const placed = { stage, y, dy, column };
      if (stage.kind === 'scale') column += size;
      return placed;
    });
    const last = this.#stages.at(-1);
    if (!last) throw new TypeError('An adaptive map has at least one product.');
    this.preactivation = last.y;
    this.y = activation === 'identity' ? last.y : this.#matrix('y', outputSize);
    this.policy = adaptation === 'static' ? null : new LinearPolicy(context, prefix, config, inputSize);
    this.#biasColumn = this.policy && adaptBias ? column : null;
    this.#dbias = training && this.#biasColumn !== null ? this.#matrix('bias.gradient', outputSize) : null;
  }

  /** x [M, I] → y [M, O] */
  forward(x: View): void {
    const { builder, rows: m } = this.context;
    const { activation, outputSize: n } = this.config;
    this.policy?.forward(x);
    let operand = x;
    for (const { stage, y, column } of this.#stages) {
      // A bias that no policy scales comes with the last stage.
      const bias = y === this.preactivation && this.#biasColumn === null ? this.#weight('bias') : null;
      if (stage.kind === 'product') {
        const sizes = { m, n: stage.outputSize, k: stage.inputSize, accumulate: 0 };
        builder.call('productNT', { a: operand, b: this.#weight(stage.weight), bias, c: y }, sizes);
      } else {
        if (bias) builder.call('copy', { x: bias, y }, { m, n });
        const views = { a: operand, b: this.#d(column), y };
        builder.call('multiply', views, { m, n: stage.size, accumulate: bias ? 1 : 0 });
      }
      operand = y;
    }
    if (this.#biasColumn !== null) {
      const views = { a: this.#weight('bias'), b: this.#d(this.#biasColumn), y: this.preactivation };
      builder.call('multiply', views, { m, n, accumulate: 1 });
    }
    if (this.y !== this.preactivation) {
      const sizes = { m, n, kind: activations[activation] };
      builder.call('activationForward', { x: this.preactivation, y: this.y }, sizes);
    }
  }

  /** dy [M, O] becomes da; dx [M, I] is written, where it is wanted. */
  backward(x: View, dy: View, dx: View | null): void {
    const { builder, rows: m } = this.context;
    const { activation, outputSize: n } = this.config;
    if (this.y !== this.preactivation) {
      builder.call('activationBackward', { y: this.y, dy, dx: dy }, { m, n, kind: activations[activation] });
    }
    this.#biasBackward(dy);
    this.#stages.forEach((_, index) => {
      const at = this.#stages.length - 1 - index;
      const [placed, below] = [this.#stages[at], this.#stages[at - 1]];
      if (placed) this.#stageBackward(placed, below?.y ?? x, placed.dy ?? dy, below ? below.dy : dx);
    });
    this.policy?.backward(x, dx);
  }

  /** From the gradient of a stage's result to what it has learned, and to its operand's, where that is wanted. */
  #stageBackward({ stage, column }: Placed, operand: View, dy: View, doperand: View | null): void {
    const { builder, rows: m } = this.context;
    if (stage.kind === 'scale') {
      const sizes = { m, n: stage.size, accumulate: 0 };
      builder.call('multiply', { a: dy, b: operand, y: this.#dd(column) }, sizes);
      if (doperand) builder.call('multiply', { a: dy, b: this.#d(column), y: doperand }, sizes);
      return;
    }
    const { inputSize: i, outputSize: o, weight } = stage;
    this.context.addOuterProduct(dy, o, operand, i, this.context.gradient(`${this.prefix}.${weight}`));
    if (!doperand) return;
    const sizes = { m, n: i, k: o, accumulate: 0 };
    builder.call('productNN', { a: dy, b: this.#weight(weight), c: doperand }, sizes);
  }

  /** db += Σ d₀ ⊙ da, dd₀ = da ⊙ b */
  #biasBackward(da: View): void {
    const { builder, rows: m } = this.context;
    const sizes = { m, n: this.config.outputSize };
    if (this.#biasColumn !== null && this.#dbias) {
      const all = { ...sizes, accumulate: 0 };
      builder.call('multiply', { a: da, b: this.#weight('bias'), y: this.#dd(this.#biasColumn) }, all);
      builder.call('multiply', { a: da, b: this.#d(this.#biasColumn), y: this.#dbias }, all);
    }
    builder.call('columnSum', { x: this.#dbias ?? da, y: this.context.gradient(`${this.prefix}.bias`) }, sizes);
  }

  #d(column: number): View {
    if (!this.policy) throw new TypeError(`${this.prefix} has no policy.`);
    return shifted(this.policy.d, column);
  }

  #dd(column: number): View {
    if (!this.policy?.dd) throw new TypeError(`${this.prefix} was built without gradients.`);
    return shifted(this.policy.dd, column);
  }

  #weight(name: string): View {
    return this.context.weight(`${this.prefix}.${name}`);
  }

  #matrix(name: string, width: number): View {
    return this.context.matrix(`${this.prefix}.${name}`, width);
  }
}
