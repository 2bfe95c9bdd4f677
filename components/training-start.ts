import type { CorpusInput, TrainOptions } from '../core/training-request.js';

/** The reader asks for a run. */
export class TrainingStart extends Event {
  constructor(
    readonly corpus: CorpusInput,
    readonly options: TrainOptions,
  ) {
    super('training-start');
  }
}
