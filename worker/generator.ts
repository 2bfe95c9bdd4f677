/** Writes: reads a prompt, then draws token after token. Stops within one token of being asked to. */
import type { BackendChange } from '../core/backend.js';
import type { GenerationConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { GenerationResult, TokenScore } from '../core/protocol.js';
import type { Engine } from './engine.js';
import { nextTask } from './next-task.js';
import type { StateSnapshot } from './recurrent-state.js';
import { asScores, tokenLosses } from './score.js';
import { StreamReader, type WritingState } from './stream-reader.js';
import { TextOutput, type TextListener } from './text-output.js';

export interface GenerationListener {
  readonly onText?: TextListener;
  /** The writing goes on on another backend. */
  readonly onBackend?: (change: BackendChange) => void;
  readonly signal?: AbortSignal;
}

/** Where a text stands: what the network remembers, and the end of what was written. */
export interface Place extends WritingState {
  readonly before: string;
}

const nothing = new Int32Array(0);

export class Generator {
  readonly #reader: StreamReader;
  #before = '';
  /** Where the text stood before the last prompt. */
  #start: (Place & { readonly usage: number }) | null = null;

  constructor(readonly engine: Engine) {
    this.#reader = new StreamReader(engine);
  }

  /** Tokens read and written. */
  get usage(): number {
    return this.#reader.usage;
  }

  /** The state as it was copied out last. */
  get copy(): StateSnapshot | null {
    return this.#reader.copy;
  }

  /** Forgets what was read and written. */
  reset(): void {
    this.restore({ state: null, pending: null, position: 0, before: '' });
  }

  /** The place where the text stands now, as a value. Restoring it any number of times clones the text. */
  async save(onBackend?: GenerationListener['onBackend']): Promise<Place> {
    this.#reader.onBackend = onBackend;
    return { ...(await this.#reader.save()), before: this.#before };
  }

  restore({ before, ...place }: Place): void {
    this.#before = before;
    this.#reader.restore(place);
  }

  /** To be called when the engine may have read something else meanwhile. */
  resume(): void {
    this.#reader.resume();
  }

  /**
   * Takes the last prompt back, and what was written after it, if the text had `usage` tokens before it. A prompt that was
   * refused before it began, and after which somebody wants to be where he was, must not cost him the one before.
   */
  undo(usage: number): void {
    if (this.#start?.usage === usage) this.restore(this.#start);
  }

  /** Reads the prompt, then writes until length, stop string or abort. */
  async generate(config: GenerationConfig, listener: GenerationListener = {}): Promise<GenerationResult> {
    const { onText, onBackend, signal } = listener;
    const { tokenizer } = this.engine;
    if (!config.keepState) this.reset();
    const started = performance.now();
    const output = new TextOutput(config.stop, onText);
    const aborted = () => signal?.aborted === true;
    let reason: GenerationResult['reason'] = 'length';
    const start = (this.#start = { ...(await this.save(onBackend)), usage: this.usage });
    const ids = tokenizer.encode(config.prompt);
    let next: number | null = null;
    let read = !aborted();
    if (read && config.maxTokens === 0) {
      read = await this.#reader.append(ids, aborted);
    } else if (read) {
      next = await this.#reader.read(ids, config, aborted);
      read = next !== null;
    }
    if (!read) {
      this.restore(start);
      reason = 'aborted';
    } else if (config.prompt !== '') {
      this.#before = config.prompt.slice(-2); // a character may have two units
    }
    const decoder = tokenizer.decoder(this.#before);
    while (next !== null && output.tokens < config.maxTokens) {
      if (output.push(decoder.push(next))) {
        reason = 'stop-string';
        break;
      }
      if (output.tokens >= config.maxTokens) break;
      await nextTask();
      if (aborted()) {
        reason = 'aborted';
        break;
      }
      next = await this.#reader.draw(config.maxTokens - output.tokens);
    }
    this.#reader.stop();
    output.end(reason === 'stop-string' ? '' : decoder.end());
    if (output.text !== '') this.#before = output.text.slice(-2);
    const seconds = (performance.now() - started) / 1000;
    return {
      reason,
      text: output.text,
      tokens: output.tokens,
      tokensPerSecond: seconds > 0 ? output.tokens / seconds : 0,
      unknownCharacters: tokenizer.countUnknown(config.prompt),
    };
  }

  /**
   * ln p of each token of `text`, read on from here, where the text stays. @throws AdaptiveError 'aborted'
   */
  async score(text: string, { onBackend, signal }: GenerationListener = {}): Promise<readonly TokenScore[]> {
    const { tokenizer } = this.engine;
    const ids = tokenizer.encode(text);
    const place = await this.save(onBackend);
    const parts = { opening: this.#reader.opening(nothing), ids };
    const interrupted = () => signal?.aborted === true;
    const losses = await this.#reader.lasting(() => tokenLosses(this.engine, place, parts, interrupted));
    if (!losses) throw new AdaptiveError('aborted', 'Scoring was stopped.');
    return asScores(tokenizer, ids, losses, this.#before);
  }
}
