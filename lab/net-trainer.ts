/** A feed-forward net that learns: one Program a step and one small read, on any executor. The net has the executor alone. */
import { AdaptiveError } from '../core/errors.js';
import type { Executor, Runner, Values } from '../core/executor.js';
import type { FeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayout } from '../core/feed-forward-parameters.js';
import type { ParameterLayout } from '../core/layout.js';
import { elementsAt } from '../core/program.js';
import { feedForwardEvaluation, feedForwardTraining, type FeedForwardOptions } from '../model/feed-forward-net.js';
import { initialise } from '../model/initialise.js';
import { updateSettings } from '../model/optimizer.js';

export interface NetOptimizer {
  /** sgd: plain gradient descent. */
  readonly kind: 'adam' | 'adamw' | 'sgd';
  readonly weightDecay?: number;
  /** Largest norm of the gradient; 0 for no limit. */
  readonly clip?: number;
}

export interface NetOptions {
  readonly config: FeedForwardConfig;
  readonly loss: FeedForwardOptions['loss'];
  /** Examples of a training step, at most. */
  readonly batch: number;
  /** Examples of an evaluation, at most. */
  readonly evaluated: number;
  readonly optimizer: NetOptimizer;
  readonly seed: number;
  /** Fills the flat buffer of the layout; model/initialise.ts unless given. */
  readonly initial?: typeof initialise;
}

export class NetTrainer {
  readonly layout: ParameterLayout;
  #done = 0;
  readonly #settings = new Float32Array(8);
  readonly #report = new Float32Array(2);
  readonly #loss = new Float32Array(1);

  private constructor(
    readonly options: NetOptions,
    readonly executor: Executor,
    readonly training: Runner,
    readonly evaluation: Runner,
  ) {
    this.layout = feedForwardLayout(options.config);
  }

  /** Initialises the net. @throws AdaptiveError 'memory' */
  static async create(executor: Executor, options: NetOptions): Promise<NetTrainer> {
    const { config, loss, batch, evaluated, optimizer, seed, initial = initialise } = options;
    const kind = optimizer.kind === 'adamw' ? 'adamw' : 'adam';
    const training = await executor.load(feedForwardTraining(config, { examples: batch, loss, optimizer: kind }));
    const evaluation = await executor.load(feedForwardEvaluation(config, { examples: evaluated, loss }));
    const layout = feedForwardLayout(config);
    const parameters = new Float32Array(layout.length);
    initial(layout, seed, parameters);
    training.write('parameters', parameters);
    for (const moment of ['moment1', 'moment2']) training.write(moment, new Float32Array(layout.length));
    return new NetTrainer(options, executor, training, evaluation);
  }

  /** Steps done. */
  get done(): number {
    return this.#done;
  }

  /**
   * Forward, backward, update on `count` examples: x [count, I], targets ids [count] or values [count, O].
   * @returns the loss before the update
   * @throws AdaptiveError 'diverged' when loss or gradient is no number; the parameters are then those of the step before
   */
  async step(x: Float32Array, targets: Values, count: number, learningRate: number): Promise<number> {
    const { training } = this;
    this.#writeSettings(learningRate);
    training.write('settings', this.#settings);
    training.write('x', x);
    training.write('targets', targets);
    training.run(count);
    const [loss = NaN, norm = NaN] = await training.read('report', this.#report);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const what = Number.isFinite(loss) ? 'gradient' : 'loss';
      throw new AdaptiveError(
        'diverged',
        `Training diverged: the ${what} was not a number at step ${this.#done + 1}. Try a lower learning rate.`,
        { step: this.#done + 1, learningRate },
      );
    }
    this.#done++;
    return loss;
  }

  /** Mean loss of examples; then `values` reads what the net gave. */
  async evaluate(x: Float32Array, targets: Values, count: number): Promise<number> {
    const { evaluation } = this;
    evaluation.write('x', x);
    evaluation.write('targets', targets);
    evaluation.run(count);
    return (await evaluation.read('loss', this.#loss))[0] ?? NaN;
  }

  /** A port of the last evaluation, of `count` examples: 'y', 'layers.0.preactivation', 'layers.0.policy', … */
  async values(port: string, count: number): Promise<Float32Array> {
    const found = this.evaluation.program.ports.get(port);
    if (!found) throw new TypeError(`The net has no port ${port}.`);
    return this.evaluation.read(port, new Float32Array(elementsAt(found.shape, count)));
  }

  /** Of the flat buffer, by its name: [rows · columns]. */
  async parameter(name: string): Promise<Float32Array> {
    const { offset, size } = this.layout.entry(name);
    return (await this.parameters()).subarray(offset, offset + size);
  }

  parameters(): Promise<Float32Array> {
    return this.training.read('parameters', new Float32Array(this.layout.length));
  }

  writeParameters(parameters: Float32Array): void {
    this.training.write('parameters', parameters);
  }

  #writeSettings(learningRate: number): void {
    const { kind, weightDecay = 0, clip = 0 } = this.options.optimizer;
    // Without moments, and with 1 in place of the root of the second one, Adam is gradient descent: p ← p − η g.
    const [beta1, beta2, epsilon] = kind === 'sgd' ? [0, 1, 1] : [0.9, 0.999, 1e-8];
    const optimizer = kind === 'adamw' ? 'adamw' : 'adam';
    const config = { optimizer, beta1, beta2, epsilon, weightDecay, clip } as const;
    updateSettings(config, learningRate, this.#done + 1, this.#settings);
    if (kind === 'sgd') this.#settings[6] = 1;
  }
}
