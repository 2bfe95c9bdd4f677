/**
 * One stream of tokens and where it stands: tokens are read by an engine, and after each one the next can be drawn.
 *
 * Where a backend has a queue, several tokens are given to it before the first comes back: the drawn id stays where the
 * next replay reads it. What was drawn ahead and is not wanted leaves the engine with a state that is not the stream's.
 *
 * The engine's backend may fail. So that the stream can go on on another one, the state is copied out now and then, and
 * the tokens read since are kept: reading them again gives the state back, and the tokens that were under way are drawn
 * anew, with the same random numbers.
 */
import type { BackendChange } from '../core/backend.js';
import type { GenerationConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { Engine } from './engine.js';
import { nextTask } from './next-task.js';
import type { StateSnapshot } from './recurrent-state.js';
import { promptChunk } from './writer.js';

/** Tokens read since the state was last copied out, at most: what has to be read again, and what a copy costs a token. */
const longestTail = 512;

/** Work that waits in a queue while a result is on its way: a token, or as many more as take so long. */
const waitingTime = 4; // ms
const mostWaiting = 8; // tokens

const nothing = new Int32Array(0);

/** How tokens are drawn. */
export type Sampling = Pick<GenerationConfig, 'temperature' | 'topK' | 'topP' | 'seed'>;

/** A place in a text: the recurrent state, and the last token, drawn or given, which is not read yet. */
export interface WritingState {
  /** null for the zero state. */
  readonly state: StateSnapshot | null;
  /** null only where there is no text yet. */
  readonly pending: number | null;
  /** Tokens read since the start of the stream. */
  readonly position: number;
}

export class StreamReader {
  onBackend: ((change: BackendChange) => void) | undefined;
  readonly #random = new Int32Array(2);
  #sampling: Sampling = { temperature: 0, topK: 0, topP: 1, seed: 0 };
  #pending: number | null = null;
  #position = 0;
  /** The state as it was `#tail` ago. */
  #copy: StateSnapshot | null = null;
  #tail: number[] = [];
  /** Tokens that are being drawn: one after the pending one is read, one after that one, and so on. */
  #underWay: Promise<number>[] = [];
  /** Whether the engine has another state than this stream's, or none. */
  #behind = true;
  #tokenTime = Infinity; // ms

  constructor(readonly engine: Engine) {}

  /** The state as it was copied out last. */
  get copy(): StateSnapshot | null {
    return this.#copy;
  }

  /** Tokens of the stream, the pending one included. */
  get usage(): number {
    return this.#position + (this.#pending === null ? 0 : 1);
  }

  /** The place where the stream stands now, as a value. Restoring it any number of times clones the stream. */
  async save(): Promise<WritingState> {
    this.stop();
    if (this.#tail.length > 0) {
      this.#copy = await this.lasting(() => this.engine.state.save());
      this.#tail = [];
    }
    return { state: this.#copy, pending: this.#pending, position: this.#position };
  }

  restore({ state, pending, position }: WritingState): void {
    this.#copy = state;
    this.#tail = [];
    this.#underWay = [];
    this.#behind = true;
    this.#pending = pending;
    this.#position = position;
  }

  /** To be called when the engine may have read something else meanwhile. */
  resume(): void {
    this.#underWay = [];
    this.#behind = true;
  }

  /** Drops what was drawn ahead. */
  stop(): void {
    if (this.#underWay.length > 0) this.resume();
  }

  /**
   * Reads the token drawn last, then `ids`, and returns the token drawn after these: the first of those that `draw` goes
   * on with. null when stopped between two chunks; the stream is then to be restored.
   */
  async read(ids: Int32Array, sampling: Sampling, aborted: () => boolean): Promise<number | null> {
    this.stop();
    this.#sampling = sampling;
    const opening = this.opening(ids);
    const from = this.#position;
    const drawn = await this.lasting(async () => {
      this.#position = from;
      this.#writeSampling();
      if (!(await this.#feed(opening, sampling.seed, aborted))) return null;
      return this.#readId();
    });
    if (drawn === null) return null;
    for (const id of opening) this.#tail.push(id);
    this.#pending = drawn;
    if (this.#tail.length >= longestTail) await this.save();
    return drawn;
  }

  /**
   * Makes `ids` part of the stream and draws nothing: all but the last are read, which waits for what comes. False when
   * stopped between two chunks; the stream is then to be restored.
   */
  async append(ids: Int32Array, aborted: () => boolean): Promise<boolean> {
    this.stop();
    const opening = this.opening(ids);
    const from = this.#position;
    const read = opening.subarray(0, -1);
    const done = await this.lasting(() => {
      this.#position = from;
      return this.#feed(read, 0, aborted);
    });
    if (!done) return false;
    for (const id of read) this.#tail.push(id);
    this.#pending = opening.at(-1) ?? null;
    if (this.#tail.length >= longestTail) await this.save();
    return true;
  }

  /** Reads the token drawn last and returns the next. `wanted`: how many will be asked for, this one included. */
  async draw(wanted: number): Promise<number> {
    const started = performance.now();
    const drawn = await this.lasting(() => this.#drawAhead(wanted));
    void this.#underWay.shift();
    if (this.#pending !== null) this.#tail.push(this.#pending);
    this.#pending = drawn;
    this.#position++;
    const elapsed = performance.now() - started;
    this.#tokenTime = this.#tokenTime === Infinity ? elapsed : 0.8 * this.#tokenTime + 0.2 * elapsed;
    if (this.#tail.length >= longestTail) await this.save();
    return drawn;
  }

  /** Gives the engine as much as is worth waiting in its queue, and returns the first token that comes back. */
  #drawAhead(wanted: number): Promise<number> {
    const { generation, executor } = this.engine;
    const fitting = Math.min(Math.max(Math.floor(waitingTime / this.#tokenTime), 1), mostWaiting);
    const waiting = executor.queues ? fitting : 0;
    // The state is copied out when the tail is full, and must not be ahead of it then.
    const most = Math.min(1 + waiting, wanted, longestTail - this.#tail.length);
    let [first] = this.#underWay;
    if (!first) {
      this.#writeSampling();
      generation.write('ids', this.opening(nothing));
      first = this.#give();
    }
    while (this.#underWay.length < most) void this.#give();
    return first;
  }

  /** One token more, from the one that is drawn or written where replays read ids. */
  #give(): Promise<number> {
    this.#writeRandom(this.#sampling.seed, this.#position + this.#underWay.length + 1);
    this.engine.generation.run(1);
    const drawn = this.#readId();
    drawn.catch(() => undefined); // Whoever waits for the first hears of it.
    this.#underWay.push(drawn);
    return drawn;
  }

  /** What the next replay must read: the pending token, then `ids`. A stream never starts from nothing. */
  opening(ids: Int32Array): Int32Array {
    const pending = this.#pending === null ? [] : [this.#pending];
    if (pending.length + ids.length === 0) return this.engine.tokenizer.encode('\n');
    const opening = new Int32Array(pending.length + ids.length);
    opening.set(pending);
    opening.set(ids, pending.length);
    return opening;
  }

  async #readId(): Promise<number> {
    const [id = 0] = await this.engine.generation.read('id', new Int32Array(1));
    return id;
  }

  #writeSampling(): void {
    const { temperature, topK, topP } = this.#sampling;
    this.engine.generation.write('sampling', Float32Array.of(temperature, topK, topP));
  }

  /** What the token is drawn with that follows the `position` first ones. */
  #writeRandom(seed: number, position: number): void {
    this.#random[0] = seed;
    this.#random[1] = position;
    this.engine.generation.write('random', this.#random);
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
      this.#writeRandom(seed, this.#position);
      generation.write('ids', chunk);
      generation.run(chunk.length);
    }
    return true;
  }

  /** Does `work`, from the start if need be: on another backend when that of the engine fails. */
  async lasting<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        if (this.#behind) await this.#catchUp();
        return await work();
      } catch (thrown) {
        const change = await this.engine.recover(AdaptiveError.from(thrown));
        this.resume();
        this.onBackend?.(change);
      }
    }
  }

  /** Gives the engine the state of this stream. */
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
