/**
 * Writes: reads a prompt, then draws token after token. Stops within one token of being asked to.
 *
 * The engine's backend may fail. So that the text can go on on another one, the state is copied out now and then, and the
 * tokens read since are kept: reading them again gives the state back, and the token that was under way is drawn anew,
 * with the same random number.
 */
import type { BackendChange } from '../core/backend.js';
import type { GenerationConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { GenerationResult } from '../core/protocol.js';
import type { Engine } from './engine.js';
import { nextTask } from './next-task.js';
import type { StateSnapshot } from './recurrent-state.js';
import { StopStrings } from './stop-strings.js';
import { promptChunk } from './writer.js';

/** Tokens written and not yet sent are sent after this long, so that a page gets frames rather than floods. */
const sendInterval = 16; // ms

/** Tokens read since the state was last copied out, at most: what has to be read again, and what a copy costs a token. */
const longestTail = 512;

const nothing = new Int32Array(0);

export interface GenerationListener {
  /** Text to append, and the number of tokens so far. */
  readonly onText?: (text: string, tokens: number) => void;
  /** The writing goes on on another backend. */
  readonly onBackend?: (change: BackendChange) => void;
  readonly signal?: AbortSignal;
}

/** A place in a text: the recurrent state, and the token that was drawn last and is not read yet. */
export interface WritingState {
  /** null for the zero state. */
  readonly state: StateSnapshot | null;
  readonly pending: number | null;
  /** Tokens read since the start of the stream. */
  readonly position: number;
}

export class Generator {
  readonly #id = new Int32Array(1);
  readonly #random = new Int32Array(2);
  #pending: number | null = null;
  #position = 0;
  /** The state as it was `#tail` ago. */
  #copy: StateSnapshot | null = null;
  #tail: number[] = [];
  /** Whether the engine has the state of another text, or none. */
  #behind = true;
  #onBackend: GenerationListener['onBackend'];

  constructor(readonly engine: Engine) {}

  /** Forgets what was read and written. */
  reset(): void {
    this.restore({ state: null, pending: null, position: 0 });
  }

  /** The place where the text stands now, as a value. Restoring it any number of times clones the text. */
  async save(): Promise<WritingState> {
    if (this.#tail.length > 0) {
      this.#copy = await this.#lasting(() => this.engine.state.save());
      this.#tail = [];
    }
    return { state: this.#copy, pending: this.#pending, position: this.#position };
  }

  restore({ state, pending, position }: WritingState): void {
    this.#copy = state;
    this.#tail = [];
    this.#behind = true;
    this.#pending = pending;
    this.#position = position;
  }

  /** To be called when the engine may have read something else meanwhile. */
  resume(): void {
    this.#behind = true;
  }

  /** Reads the prompt, then writes until length, stop string or abort. */
  async generate(
    config: GenerationConfig,
    { onText, onBackend, signal }: GenerationListener = {},
  ): Promise<GenerationResult> {
    const { tokenizer } = this.engine;
    this.#onBackend = onBackend;
    if (!config.keepState) this.reset();
    const prompt = tokenizer.encode(config.prompt);
    const started = performance.now();
    const writer = new Output(config.stop, onText);
    const aborted = () => signal?.aborted === true;
    let reason: GenerationResult['reason'] = 'length';
    const before = await this.save();
    let next = aborted() ? null : await this.#read(this.#opening(prompt), config, aborted);
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
      next = await this.#read(this.#opening(nothing), config, aborted);
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
  async #read(ids: Int32Array, config: GenerationConfig, aborted: () => boolean): Promise<number | null> {
    const from = this.#position;
    const drawn = await this.#lasting(async () => {
      const { generation } = this.engine;
      generation.write('sampling', Float32Array.of(config.temperature, config.topK, config.topP));
      this.#position = from;
      if (!(await this.#feed(ids, config.seed, aborted))) return null;
      const [id = 0] = await generation.read('id', this.#id);
      return id;
    });
    if (drawn === null) return null;
    for (const id of ids) this.#tail.push(id);
    if (this.#tail.length >= longestTail) await this.save();
    return drawn;
  }

  /** Replays over tokens, a chunk at a time. False when stopped between two. */
  async #feed(ids: Int32Array, seed: number, aborted: () => boolean): Promise<boolean> {
    const { generation } = this.engine;
    for (let from = 0; from < ids.length; from += promptChunk) {
      if (from > 0) {
        await nextTask();
        if (aborted()) return false;
      }
      const chunk = ids.subarray(from, from + promptChunk);
      this.#position += chunk.length;
      this.#random[0] = seed;
      this.#random[1] = this.#position;
      generation.write('random', this.#random);
      generation.write('ids', chunk);
      generation.run(chunk.length);
    }
    return true;
  }

  /** Does `work`, from the start if need be: on another backend when that of the engine fails. */
  async #lasting<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        if (this.#behind) await this.#catchUp();
        return await work();
      } catch (thrown) {
        const change = await this.engine.recover(AdaptiveError.from(thrown));
        this.#behind = true;
        this.#onBackend?.(change);
      }
    }
  }

  /** Gives the engine the state of this text. */
  async #catchUp(): Promise<void> {
    const { state } = this.engine;
    if (this.#copy) state.restore(this.#copy);
    else state.clear();
    const position = this.#position;
    await this.#feed(Int32Array.from(this.#tail), 0, () => false);
    this.#position = position;
    this.#behind = false;
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
