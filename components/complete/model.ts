/** The model behind one `<adaptive-complete>`: loaded when it is first wanted, in a worker that is ended with it. */
import type { BackendChoice } from '../../core/backend.js';
import { ModelClient } from '../../worker/client.js';
import { completeStrings } from '../strings/complete.js';
import { WordedError, type Words } from '../strings/words.js';
import { Suggester } from './suggester.js';

export interface ModelSettings {
  readonly words: Words;
  readonly src: string | null;
  readonly workerUrl: string | null;
  readonly backend: BackendChoice;
}

export class SuggestingModel {
  /** Null until it is loaded. */
  suggester: Suggester | null = null;

  #client: ModelClient | null = null;
  #loading: Promise<Suggester> | null = null;

  get loading(): boolean {
    return this.#loading !== null && this.suggester === null;
  }

  /** Loads it, once; after a failure anew. @throws AdaptiveError */
  load(settings: ModelSettings): Promise<Suggester> {
    this.#loading ??= this.#load(settings);
    return this.#loading;
  }

  async #load({ src, workerUrl, backend, words }: ModelSettings): Promise<Suggester> {
    const client = (this.#client = new ModelClient({ workerUrl, backend }));
    try {
      if (src === null || src === '') {
        throw new WordedError('no-model', words.of('complete', completeStrings).noModel);
      }
      const suggester = new Suggester(client, await client.load(src));
      if (this.#client === client) this.suggester = suggester;
      return suggester;
    } catch (thrown) {
      if (this.#client === client) this.destroy();
      throw thrown;
    }
  }

  set backend(choice: BackendChoice) {
    if (this.#client) this.#client.backend = choice;
  }

  /** Ends the worker, and with it what was learned. It can be loaded again. Twice is harmless. */
  destroy(): void {
    this.#client?.destroy();
    this.#client = this.#loading = this.suggester = null;
  }
}
