/** Several nets that learn one function side by side, from the same examples. */
import type { Laboratory, Watch } from './experiment.js';
import type { RegressionNet } from './net-kinds.js';
import { NetTrainer } from './net-trainer.js';
import { Pace } from './pace.js';

export interface RegressionOptions {
  readonly nets: readonly RegressionNet[];
  readonly batch: number;
  /** Examples of an evaluation, at most. */
  readonly points: number;
  readonly seed: number;
}

export interface Training {
  /** Fills inputs [B, I] and targets [B, 1]. */
  readonly draw: (inputs: Float32Array, targets: Float32Array) => void;
  readonly steps: number;
  readonly learningRate: number;
  readonly signal: AbortSignal;
  readonly watch: Watch | undefined;
}

export class Regression {
  readonly #losses = new Map<NetTrainer, number>();

  private constructor(
    readonly options: RegressionOptions,
    readonly nets: readonly (readonly [net: RegressionNet, trainer: NetTrainer])[],
  ) {}

  /** An executor for each net. @throws AdaptiveError 'memory' */
  static async create(laboratory: Laboratory, options: RegressionOptions): Promise<Regression> {
    const { nets, batch, points, seed } = options;
    const made: (readonly [RegressionNet, NetTrainer])[] = [];
    for (const net of nets) {
      const rest = { loss: 'squared-error', evaluated: points, optimizer: { kind: 'adam' } } as const;
      const trainer = await NetTrainer.create(await laboratory.executor(), {
        config: net.config,
        batch,
        seed,
        ...rest,
      });
      made.push([net, trainer]);
    }
    return new Regression(options, made);
  }

  /** Losses of the last step. */
  get note(): string {
    return `losses ${[...this.#losses.values()].map((loss) => loss.toPrecision(2)).join(', ')}`;
  }

  /**
   * Trains; yields the steps done when it is time for a frame.
   * @throws AdaptiveError 'aborted', 'diverged'
   */
  async *train({ draw, steps, learningRate, signal, watch }: Training): AsyncGenerator<number, void> {
    const { batch, nets } = this.options;
    const inputs = new Float32Array(batch * (nets[0]?.config.inputSize ?? 0));
    const targets = new Float32Array(batch);
    const pace = new Pace(signal, watch);
    for (let done = 1; done <= steps; done++) {
      draw(inputs, targets);
      for (const [, trainer] of this.nets) {
        this.#losses.set(trainer, await trainer.step(inputs, targets, batch, learningRate));
      }
      if (await pace.beat()) yield done;
    }
  }

  destroy(): void {
    for (const [, { executor }] of this.nets) executor.destroy();
  }
}
