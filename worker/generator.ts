/** Writes: reads a prompt, then draws token after token. Stops within one token of being asked to. */
import type { BackendChange } from '../core/backend.js';
import type { GenerationConfig } from '../core/config.js';
import type { GenerationResult } from '../core/protocol.js';
import type { Engine } from './engine.js';
import { nextTask } from './next-task.js';
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

export class Generator {
  readonly #reader: StreamReader;
  #before = '';

  constructor(readonly engine: Engine) {
    this.#reader = new StreamReader(engine);
  }

  /** Forgets what was read and written. */
  reset(): void {
    this.restore({ state: null, pending: null, position: 0, before: '' });
  }

  /** The place where the text stands now, as a value. Restoring it any number of times clones the text. */
  async save(): Promise<Place> {
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

  /** Reads the prompt, then writes until length, stop string or abort. */
  async generate(
    config: GenerationConfig,
    { onText, onBackend, signal }: GenerationListener = {},
  ): Promise<GenerationResult> {
    const { tokenizer } = this.engine;
    this.#reader.onBackend = onBackend;
    if (!config.keepState) this.reset();
    const started = performance.now();
    const output = new TextOutput(config.stop, onText);
    const aborted = () => signal?.aborted === true;
    let reason: GenerationResult['reason'] = 'length';
    const before = await this.save();
    let next = aborted() ? null : await this.#reader.read(tokenizer.encode(config.prompt), config, aborted);
    if (next === null) {
      this.restore(before);
      reason = 'aborted';
    }
    if (config.maxTokens === 0) this.#reader.forgetDrawn();
    if (config.prompt !== '' && next !== null) this.#before = config.prompt.slice(-2); // a character may have two units
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
}
