/** Writes: reads a prompt, then draws token after token. Stops within one token of being asked to. */
import type { GenerationConfig } from '../core/config.js';
import type { GenerationResult } from '../core/protocol.js';
import { promptChunk, type Engine } from './engine.js';
import { nextTask } from './next-task.js';
import type { StateSnapshot } from './recurrent-state.js';
import { StopStrings } from './stop-strings.js';

/** Tokens written and not yet sent are sent after this long, so that a page gets frames rather than floods. */
const sendInterval = 16; // ms

const nothing = new Int32Array(0);

export interface GenerationListener {
  /** Text to append, and the number of tokens so far. */
  readonly onText?: (text: string, tokens: number) => void;
  readonly signal?: AbortSignal;
}

/** A place in a text: the recurrent state, and the token that was drawn last and is not read yet. */
export interface WritingState {
  readonly state: StateSnapshot;
  readonly pending: number | null;
  /** Tokens read since the start of the stream. */
  readonly position: number;
}

export class Generator {
  readonly #id = new Int32Array(1);
  readonly #random = new Int32Array(2);
  #pending: number | null = null;
  #position = 0;

  constructor(readonly engine: Engine) {}

  /** Forgets what was read and written. */
  reset(): void {
    this.engine.state.clear();
    this.#pending = null;
    this.#position = 0;
  }

  /** The place where the text stands now, as a value. Restoring it any number of times clones the text. */
  async save(): Promise<WritingState> {
    return { state: await this.engine.state.save(), pending: this.#pending, position: this.#position };
  }

  restore({ state, pending, position }: WritingState): void {
    this.engine.state.restore(state);
    this.#pending = pending;
    this.#position = position;
  }

  /** Reads the prompt, then writes until length, stop string or abort. */
  async generate(config: GenerationConfig, { onText, signal }: GenerationListener = {}): Promise<GenerationResult> {
    const { tokenizer } = this.engine;
    if (!config.keepState) this.reset();
    const prompt = tokenizer.encode(config.prompt);
    const started = performance.now();
    const writer = new Output(config.stop, onText);
    const aborted = () => signal?.aborted === true;
    let reason: GenerationResult['reason'] = 'length';
    this.engine.generation.write('sampling', Float32Array.of(config.temperature, config.topK, config.topP));

    const before = await this.save();
    let next = aborted() ? null : await this.#read(this.#opening(prompt), config.seed, aborted);
    if (next === null) {
      this.restore(before);
      reason = 'aborted';
    }
    const decoder = tokenizer.decoder();
    while (next !== null && writer.tokens < config.maxTokens) {
      this.#pending = next;
      if (writer.push(decoder.push(next))) {
        reason = 'stop-string';
        break;
      }
      if (writer.tokens >= config.maxTokens) break;
      await nextTask();
      if (aborted()) {
        reason = 'aborted';
        break;
      }
      next = await this.#read(this.#opening(nothing), config.seed, aborted);
    }
    writer.end(reason === 'stop-string' ? '' : decoder.end());
    const seconds = (performance.now() - started) / 1000;
    return {
      reason,
      text: writer.text,
      tokens: writer.tokens,
      tokensPerSecond: seconds > 0 ? writer.tokens / seconds : 0,
      unknownCharacters: tokenizer.countUnknown(config.prompt),
    };
  }

  /** What the next replay must read: the token drawn last, then the prompt. A stream never starts from nothing. */
  #opening(prompt: Int32Array): Int32Array {
    const pending = this.#pending === null ? [] : [this.#pending];
    this.#pending = null;
    if (pending.length + prompt.length === 0) return this.engine.tokenizer.encode('\n');
    const opening = new Int32Array(pending.length + prompt.length);
    opening.set(pending);
    opening.set(prompt, pending.length);
    return opening;
  }

  /** Reads tokens and returns the one drawn after the last, or null when stopped between two chunks. */
  async #read(ids: Int32Array, seed: number, aborted: () => boolean): Promise<number | null> {
    const { generation } = this.engine;
    for (let from = 0; from < ids.length; from += promptChunk) {
      if (from > 0) {
        await nextTask();
        if (aborted()) return null;
      }
      const chunk = ids.subarray(from, from + promptChunk);
      this.#position += chunk.length;
      this.#random[0] = seed;
      this.#random[1] = this.#position;
      generation.write('random', this.#random);
      generation.write('ids', chunk);
      generation.run(chunk.length);
    }
    await generation.read('id', this.#id);
    return this.#id[0] ?? 0;
  }
}

/** Gathers text, looks for stop strings, and sends what may be shown a frame's worth at a time. */
class Output {
  text = '';
  tokens = 0;
  #unsent = '';
  #sentAt = 0;
  readonly #stops: StopStrings;

  constructor(
    stops: readonly string[],
    readonly onText: GenerationListener['onText'],
  ) {
    this.#stops = new StopStrings(stops);
  }

  /** Adds one token's text. True when a stop string was met. */
  push(piece: string): boolean {
    this.tokens++;
    const { text, met } = this.#stops.push(piece);
    this.#add(text);
    if (performance.now() - this.#sentAt >= sendInterval) this.#send();
    return met;
  }

  end(rest: string): void {
    this.#add(this.#stops.push(rest).text + this.#stops.end());
    this.#send();
  }

  #add(text: string): void {
    this.text += text;
    this.#unsent += text;
  }

  #send(): void {
    if (this.#unsent === '') return;
    this.onText?.(this.#unsent, this.tokens);
    this.#unsent = '';
    this.#sentAt = performance.now();
  }
}
