/** What a run has of the store: the right to its name, its text, and what keeps it. */
import type { CorpusSource } from '../core/corpus.js';
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent } from '../core/protocol.js';
import type { RunText } from '../core/run-record.js';
import { parseKeepOptions, type KeepOptions } from '../core/stored.js';
import type { EngineModel } from './engine.js';
import type { RunKeeper } from './run-keeper.js';
import type { Checkpoint } from './storage/checkpoint.js';
import type { KeptName } from './storage/checkpoint-store.js';
import type { ModelStore } from './storage/model-store.js';
import { createTokenizer } from './text/tokenizers.js';
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

  /** Keeps the text of a new run. Where there is no room for it the page is told, and this is false. */
  async keepText({ corpus }: TrainingData, onEvent: (event: TrainingEvent) => void): Promise<boolean> {
    try {
      await this.store.shelf.keep(corpus);
      return true;
    } catch (thrown) {
      onEvent({ type: 'unsaved', error: AdaptiveError.from(thrown, 'disk').serialize() });
      return false;
    }
  }

  /** Of a model of `length` numbers. */
  keeper(length: number, onEvent: (event: TrainingEvent) => void): RunKeeper {
    return this.store.keeper(this.kept, length, this.interval, onEvent);
  }

  /** Gives the name back. Twice is harmless. */
  end(): void {
    this.kept.release();
  }
}

/** A model as it was kept, to be placed. `text` is the module of the tokenizers. */
export function keptModel(text: WebAssembly.Module, { model, tokenizer, ...rest }: Checkpoint): EngineModel {
  return { ...rest, parameters: model, tokenizer: createTokenizer(text, tokenizer) };
}

/** What a run says of its text. */
export function runText({ corpus, weights }: TrainingData, source: CorpusSource): RunText {
  return { id: corpus.id, name: nameOf(source), weights: [...weights] };
}

function nameOf(source: CorpusSource): string {
  if (source.kind === 'text') return '';
  if (source.kind === 'url') return source.url;
  const [first, ...others] = source.files;
  return others.length === 0 ? (first?.name ?? '') : `${first?.name ?? ''} …`;
}
