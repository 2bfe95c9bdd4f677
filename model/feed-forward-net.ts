/**
 * A net of adaptive feed-forward layers, each reading what the one before gives, as Programs over examples: a classifier under
 * a softmax, or a regression. A replay's steps are its examples, so a Program serves any number of them up to its own.
 */
import type { TrainingConfig } from '../core/config.js';
import type { FeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayers, feedForwardLayout } from '../core/feed-forward-parameters.js';
import { shifted, type Program, type View } from '../core/program.js';
import { AdaptiveLinear } from './adaptive-linear.js';
import { Context } from './context.js';
import { CrossEntropy, SquaredError, type Loss } from './loss.js';
import { writeUpdate } from './optimizer.js';

export interface FeedForwardOptions {
  /** Examples of a replay, at most: M. */
  readonly examples: number;
  readonly loss: 'cross-entropy' | 'squared-error';
}

/**
 * One training step. Ports in: `x` [M, I], `targets` (ids [M], or values [M, O]), `settings` [8] with an optimizer. Ports out:
 * `loss` [1] (nats, or mean squared error), `losses` [M], `gradients`, and with an optimizer `norm` [1] and `report`
 * [loss, norm].
 */
export function feedForwardTraining(
  config: FeedForwardConfig,
  options: FeedForwardOptions & { readonly optimizer?: TrainingConfig['optimizer'] },
): Program {
  const net = new FeedForwardNet(config, options, true);
  const { context, loss, output } = net;
  const report = context.builder.matrix('report', 1, 2);
  context.clearGradients();
  net.forward();
  loss.forward(output, report);
  loss.backward(output);
  net.backward(output);
  if (options.optimizer) {
    writeUpdate(context, options.optimizer, shifted(report, 1));
    context.builder.port('report', report, [2]);
  }
  return context.builder.build();
}

/**
 * Forward only. Ports in: `x`, `targets`. Ports out: `loss`, `losses`, `y` [M, O] of the last layer (logits, of a
 * classifier), and of each layer l `layers.l.preactivation`, `layers.l.y` [M, O], and, where it has one, `layers.l.policy` [M, P].
 */
export function feedForwardEvaluation(config: FeedForwardConfig, options: FeedForwardOptions): Program {
  const net = new FeedForwardNet(config, options, false);
  const { builder, rows } = net.context;
  net.forward();
  net.loss.forward(net.output, builder.matrix('loss', 1, 1));
  for (const { prefix, config: layer, preactivation, y, policy } of net.layers) {
    builder.port(`${prefix}.preactivation`, preactivation, [rows, layer.outputSize]);
    builder.port(`${prefix}.y`, y, [rows, layer.outputSize]);
    if (policy) builder.port(`${prefix}.policy`, policy.d, [rows, policy.size]);
  }
  builder.port('y', net.output, [rows, net.outputSize]);
  return builder.build();
}

class FeedForwardNet {
  readonly context: Context;
  readonly layers: readonly AdaptiveLinear[];
  readonly loss: Loss;
  readonly #x: View; // [M, I]

  constructor(config: FeedForwardConfig, { examples, loss }: FeedForwardOptions, training: boolean) {
    const name = training ? 'training' : 'evaluation';
    this.context = new Context({ name, layout: feedForwardLayout(config), batch: 1, maxSteps: examples, training });
    this.#x = this.context.matrix('x', config.inputSize);
    this.context.builder.port('x', this.#x, [this.context.rows, config.inputSize]);
    this.layers = feedForwardLayers(config).map(
      ({ layer, prefix, inputSize }) => new AdaptiveLinear(this.context, prefix, layer, inputSize),
    );
    const Judge = loss === 'cross-entropy' ? CrossEntropy : SquaredError;
    this.loss = new Judge(this.context, this.outputSize);
  }

  get outputSize(): number {
    return this.#top.config.outputSize;
  }

  /** [M, O] */
  get output(): View {
    return this.#top.y;
  }

  forward(): void {
    for (const [layer, x] of this.#wired()) layer.forward(x);
  }

  /** From the gradient of the output; nobody wants that of x. */
  backward(dy: View): void {
    let gradient = dy;
    for (const [layer, x, below] of this.#wired().reverse()) {
      const dx = below && this.context.matrix(`${below.prefix}.dy`, below.config.outputSize);
      layer.backward(x, gradient, dx);
      if (dx) gradient = dx;
    }
  }

  /** Layers with what they read, and who that is from. */
  #wired(): (readonly [layer: AdaptiveLinear, x: View, below: AdaptiveLinear | null])[] {
    return this.layers.map((layer, index) => {
      const below = this.layers[index - 1] ?? null;
      return [layer, below?.y ?? this.#x, below];
    });
  }

  get #top(): AdaptiveLinear {
    const top = this.layers.at(-1);
    if (!top) throw new TypeError('A net has at least one layer.');
    return top;
  }
}
