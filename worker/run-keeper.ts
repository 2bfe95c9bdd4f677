/**
 * Keeps a run while it goes on: when it is time it copies the state, which takes a moment, and then writes the copy a
 * little after each step. A store that fails ends nothing: the page is told, and it is tried again.
 *
 * Memory: one copy of weights and moments.
 */
import { AdaptiveError } from '../core/errors.js';
import type { TrainingEvent } from '../core/protocol.js';
import { emptyState } from './lasting-trainer.js';
import type { Checkpoint } from './storage/checkpoint.js';
import type { KeptName, PendingCheckpoint } from './storage/checkpoint-store.js';
import type { TrainingState } from './training-step.js';

/** Copies the run into flat buffers. */
export type Capture = (room: Omit<TrainingState, 'recurrent'>) => Promise<Checkpoint>;

/** No more than this part of the time goes into checkpoints. */
const keepingPart = 0.05;
/** Writing after a step takes at least this long, at most this long, and otherwise this part of the time since the last. */
const [shortestPiece, longestPiece, piecePart] = [0.005, 0.1, 0.1]; // s, s

export class RunKeeper {
  readonly #room: Omit<TrainingState, 'recurrent'>;
  #pending: PendingCheckpoint | null = null;
  /** Seconds that the checkpoint under way has taken so far. */
  #cost = 0;
  #lastPiece = performance.now();
  #next: number;
  /** What went wrong last, which is told once. */
  #trouble = '';

  constructor(
    readonly kept: KeptName,
    /** Numbers in the model's layout. */
    length: number,
    /** Seconds. */
    readonly interval: number,
    readonly onEvent: (event: TrainingEvent) => void,
  ) {
    this.#room = emptyState(length);
    this.#next = performance.now() + 1000 * interval;
  }

  /** Of memory, that it holds. */
  get bytes(): number {
    const { parameters, moment1, moment2 } = this.#room;
    return parameters.byteLength + moment1.byteLength + moment2.byteLength;
  }

  /**
   * To be called between two pieces of work: begins a checkpoint when it is time, and writes more of the one that was
   * begun. `wholly`: has one of now, whole, when it resolves. Rejects only as `capture` does.
   */
  async advance(capture: Capture, wholly: boolean): Promise<void> {
    if (wholly && this.#pending) await this.#write(Infinity);
    if (!this.#pending) {
      if (!wholly && performance.now() < this.#next) return;
      await this.#begin(capture);
    }
    const since = (performance.now() - this.#lastPiece) / 1000;
    await this.#write(wholly ? Infinity : Math.min(longestPiece, Math.max(shortestPiece, piecePart * since)));
  }

  /** To be called before the best weights change: resolves when those of the checkpoint under way are written. */
  async settleModel(): Promise<void> {
    while (this.#pending && !this.#pending.modelWritten) await this.#write(0);
  }

  /** Drops the checkpoint under way. Twice is harmless. */
  async close(): Promise<void> {
    await this.#pending?.close();
    this.#pending = null;
  }

  async #begin(capture: Capture): Promise<void> {
    const started = performance.now();
    const checkpoint = await capture(this.#room);
    await this.#trying(async () => {
      this.#pending = await this.kept.begin(checkpoint);
    });
    this.#cost = 0;
    this.#spend(started);
  }

  async #write(seconds: number): Promise<void> {
    const pending = this.#pending;
    if (!pending) return;
    const started = performance.now();
    await this.#trying(async () => {
      if (!(await pending.advance(seconds))) return;
      this.#pending = null;
      this.#trouble = '';
      this.onEvent({ type: 'saved', step: pending.step, bytes: pending.bytes });
    });
    this.#spend(started);
  }

  #spend(started: number): void {
    const now = performance.now();
    this.#cost += (now - started) / 1000;
    this.#lastPiece = now;
    this.#next = now + 1000 * Math.max(this.interval, this.#cost / keepingPart);
  }

  /** Runs `work`; when that fails the checkpoint is given up and, if that is new, the page is told. */
  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#pending = null;
      const error = AdaptiveError.from(thrown, 'disk');
      if (error.code === this.#trouble) return;
      this.#trouble = error.code;
      this.onEvent({ type: 'unsaved', error: error.serialize() });
    }
  }
}
