/** Writing, as the element sees it: the text so far, batched to frames. */
import type { GenerationOptions } from '../core/config.js';
import type { GenerationResult } from '../core/protocol.js';
import { AdaptiveTextEvent } from './events.js';
import { FrameBatch } from './frames.js';
import { formatWhole } from './format.js';
import type { ModelController } from './model-controller.js';
import { Stoppable } from './stoppable.js';
import { writerStrings } from './strings/writer.js';

/** How a text is written; what is not given is that of the attributes. */
export interface WriteOptions extends Omit<GenerationOptions, 'prompt'> {
  /** Stops the writing within one token. */
  readonly signal?: AbortSignal;
}

export class Writing {
  /** What the writing began with. */
  prompt = '';
  /** What the model wrote. */
  text = '';
  /** The seed of the last writing. */
  seed = 1;
  /** Of the last writing; 0 before the first. */
  tokensPerSecond = 0;

  readonly #controller: ModelController;
  readonly #batch: FrameBatch;
  #received = '';
  /** The text was put back, and the model has not read it. */
  #unread = false;
  readonly #stoppable = new Stoppable();

  constructor(controller: ModelController) {
    this.#controller = controller;
    this.#batch = new FrameBatch(() => {
      this.text = this.#received;
      controller.host.requestUpdate();
    });
  }

  /**
   * Writes on from `prompt`, or with `keepState` from where the last text ended. A stopped writing resolves too, with
   * what there was. Rejects with an AdaptiveError.
   */
  async write({ signal, ...options }: GenerationOptions & { signal?: AbortSignal }): Promise<string> {
    const controller = this.#controller;
    return this.#stoppable.run(signal, (stop) =>
      controller.settled(() => controller.exclusive('writing', () => this.#write(options, stop))),
    );
  }

  async #write(options: GenerationOptions, signal: AbortSignal): Promise<string> {
    const controller = this.#controller;
    this.seed = options.seed ?? this.seed;
    const before = { prompt: this.prompt, text: this.#received };
    const toRead = options.keepState && this.#unread ? this.#whole(options) : options;
    if (options.keepState) {
      this.#received += options.prompt ?? '';
    } else {
      this.prompt = options.prompt ?? '';
      this.#received = '';
    }
    const progress = { begun: false };
    this.#batch.schedule();
    try {
      // A stop that follows at once is heard before the worker is asked: on its way there it might come second.
      await Promise.resolve();
      const result = await controller.client.generate(toRead, {
        signal,
        onBackend: (change) => {
          const { model } = controller;
          if (model) controller.model = { ...model, backend: change.to, reason: change.reason };
          controller.tellBackend(change);
        },
        onText: ({ text, tokens }) => {
          progress.begun = true;
          this.#unread = false;
          this.#received += text;
          this.#batch.schedule();
          controller.host.dispatchEvent(new AdaptiveTextEvent(text, tokens));
        },
      });
      this.#conclude(result);
      return result.text;
    } catch (thrown) {
      // What failed at the start must not cost the reader the last text.
      if (!progress.begun) {
        this.prompt = before.prompt;
        this.#received = before.text;
      }
      throw thrown;
    } finally {
      this.#batch.finish();
    }
  }

  #conclude({ tokensPerSecond, tokens, unknownCharacters }: GenerationResult): void {
    if (tokens > 0) this.tokensPerSecond = tokensPerSecond;
    if (unknownCharacters === 0) return;
    const { host, model } = this.#controller;
    const strings = host.words.of('writer', writerStrings);
    const say = model?.tokenizer === 'words' ? strings.unknownWords : strings.unknownCharacters;
    this.#controller.say(say(formatWhole(unknownCharacters)));
  }

  /** Ends the writing under way within one token, and what waits for a load before it begins. */
  stop(): void {
    this.#stoppable.stop();
  }

  /** Puts a text back as it was written once. What goes on from it reads it first. */
  restore(prompt: string, text: string): void {
    this.prompt = prompt;
    this.#received = text;
    this.#unread = true;
    this.#batch.finish();
  }

  /** The text as a prompt, from the beginning. */
  #whole(options: GenerationOptions): GenerationOptions {
    return { ...options, prompt: this.prompt + this.#received + (options.prompt ?? ''), keepState: false };
  }

  /** Forgets the text. */
  clear(): void {
    this.prompt = '';
    this.#received = '';
    this.#unread = false;
    this.#batch.finish();
  }
}
