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

/** Also of another copy of this code: a page may have two, and the panel comes from the first. */
export function isTrainingStart(event: Event): event is TrainingStart {
  return event.type === 'training-start' && 'corpus' in event && 'options' in event;
}
