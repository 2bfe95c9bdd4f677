/** What a training step needs of its Programs, whether it is one or several. */
import type { Dropout, ModelConfig } from '../core/config.js';
import type { Runner } from '../core/executor.js';
import type { SegmentShape } from '../model/language-model.js';
import type { OptimizerConfig } from '../model/optimizer.js';

export interface StepResult {
  /** Mean over the batch, nats per token. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

/** The Programs of a step, loaded. */
export interface BatchPrograms {
  /** Rows of the batch, in order. Ports: `ids`, `targets`, `random`, `state.*`. */
  readonly shares: readonly Share[];
  /** Whose ports are the flat buffers that all share: `parameters`, `moment1`, `moment2`. */
  readonly update: Runner;
  /**
   * Forward, backward, update. If loss or gradient is not finite the parameters stay as they are.
   */
  run(steps: number, settings: Float32Array): Promise<StepResult>;
  unload(): void;
}

export interface Share {
  readonly first: number;
  readonly count: number;
  readonly runner: Runner;
}

export interface BatchOptions extends SegmentShape {
  readonly model: ModelConfig;
  readonly dropout: Dropout;
  readonly optimizer: OptimizerConfig['optimizer'];
}
