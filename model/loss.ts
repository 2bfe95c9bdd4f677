/** What a model is judged by, over all rows: the mean loss forward, and backward its gradient in place of the outputs. */
import type { View } from '../core/program.js';
import type { Context } from './context.js';

export interface Loss {
  /** Leaves the mean in `loss` [1] and each row's in the port `losses`. */
  forward(outputs: View, loss: View): void;
  /** outputs [M, N] become their own gradient. */
  backward(outputs: View): void;
}

/** Opens `losses` [M] and `loss` [1], and writes the mean over all rows of the batch. */
function writeMean(context: Context, losses: View, loss: View): void {
  const { builder, rows, totalRows } = context;
  builder.call('mean', { x: losses, y: loss }, { n: rows, total: totalRows });
  builder.port('losses', losses, [rows]);
  builder.port('loss', loss, [1]);
}

/** Cross entropy of a softmax over N classes, in nats. Opens `targets` [M], ids. */
export class CrossEntropy implements Loss {
  readonly #targets: View;
  readonly #logSumExp: View;
  readonly #losses: View;

  constructor(
    readonly context: Context,
    readonly classes: number, // N
  ) {
    const { builder, rows, capacity } = context;
    this.#targets = builder.matrix('targets', 1, capacity, 'i32');
    this.#logSumExp = builder.matrix('logSumExp', 1, capacity);
    this.#losses = builder.matrix('losses', 1, capacity);
    builder.port('targets', this.#targets, [rows]);
  }

  forward(logits: View, loss: View): void {
    const { builder, rows: n } = this.context;
    const views = { logits, targets: this.#targets, logSumExp: this.#logSumExp, losses: this.#losses };
    builder.call('softmaxCrossEntropyForward', views, { n, vocabulary: this.classes });
    writeMean(this.context, this.#losses, loss);
  }

  backward(logits: View): void {
    const { builder, rows: n, totalRows: total } = this.context;
    const views = { logits, targets: this.#targets, logSumExp: this.#logSumExp };
    builder.call('softmaxCrossEntropyBackward', views, { n, total, vocabulary: this.classes });
  }
}

/** Mean of the squared differences over N outputs. Opens `targets` [M, N]. */
export class SquaredError implements Loss {
  readonly #targets: View;
  readonly #losses: View;

  constructor(
    readonly context: Context,
    readonly width: number, // N
  ) {
    const { builder, rows, capacity } = context;
    this.#targets = builder.matrix('targets', capacity, width);
    this.#losses = builder.matrix('losses', 1, capacity);
    builder.port('targets', this.#targets, [rows, width]);
  }

  forward(y: View, loss: View): void {
    const { builder, rows: n } = this.context;
    builder.call('squaredErrorForward', { y, targets: this.#targets, losses: this.#losses }, { n, o: this.width });
    writeMean(this.context, this.#losses, loss);
  }

  backward(y: View): void {
    const { builder, rows: n, totalRows: total } = this.context;
    builder.call('squaredErrorBackward', { y, targets: this.#targets }, { n, total, o: this.width });
  }
}
