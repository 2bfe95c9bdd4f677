/** What a run has of the store: the right to its name, its text, and what keeps it. */
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent } from '../core/protocol.js';
import type { CorpusRecord } from '../core/run-record.js';
import { parseKeepOptions, type KeepOptions } from '../core/stored.js';
import type { RunKeeper } from './run-keeper.js';
import type { KeptName } from './storage/checkpoint-store.js';
import type { ModelStore } from './storage/model-store.js';
import type { TrainingData } from './training-data.js';

export class Keeping {
  private constructor(
    readonly store: ModelStore,
    readonly kept: KeptName,
    readonly interval: number,
  ) {}

  /** @throws AdaptiveError 'in-use', 'checkpoint', 'invalid-option' */
  static async begin(store: ModelStore, options: KeepOptions): Promise<Keeping> {
    const { name, interval } = parseKeepOptions(options);
    return new Keeping(store, await store.claim(name), interval);
  }

  /** Keeps the text of a new run. Where there is no room for it the page is told, and this is null. */
  async keepText({ tokens }: TrainingData, onEvent: (event: TrainingEvent) => void): Promise<string | null> {
    try {
      return await this.store.corpora.keep(tokens.tokens);
    } catch (thrown) {
      onEvent({ type: 'unsaved', error: AdaptiveError.from(thrown, 'disk').serialize() });
      return null;
    }
  }

  /** Of a model of `length` numbers. */
  keeper(length: number, onEvent: (event: TrainingEvent) => void): RunKeeper {
    return this.store.keeper(this.kept, length, this.interval, onEvent);
  }

  async end(): Promise<void> {
    this.kept.release();
    // What could not be deleted now is tried again after the next run.
    await this.store.tidy().catch(() => {});
  }
}

/** What a run says of its text. */
export function corpusRecord(data: TrainingData, id: string): CorpusRecord {
  const { name, charactersPerToken, trainingTokens, validationTokens, unknownCharacters } = data;
  return { id, name, charactersPerToken, trainingTokens, validationTokens, unknownCharacters };
}
