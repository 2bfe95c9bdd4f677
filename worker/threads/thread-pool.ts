/** Threads over one shared memory that replay Programs together with the thread that owns them. */
import { AdaptiveError } from '../../core/errors.js';
import { nextTask } from '../next-task.js';
import type { WasmInstance } from '../wasm-module.js';
import { controlBytes, controlWord, programWord, stepsWord } from './thread-loop.js';
import type { ThreadHandle, ThreadSupport } from './thread-support.js';

/** A Program's address, and how many steps of it to replay. */
export interface Job {
  readonly program: number;
  readonly steps: number;
}

type Kernels = WasmInstance<'replay' | 'setWorkspace' | 'workspaceBytes'>;

/** A thread that has not answered for so long after its owner was done has died in silence. */
const patience = 60_000; // ms
const startPatience = 10_000; // ms
/** Looks before the owner sleeps, and how long it sleeps before it lets messages in, in ms. */
const looks = 20_000;
const nap = 20;

export class ThreadPool {
  readonly #threads: ThreadHandle[] = [];
  readonly #words: Int32Array;
  #death: string | null = null;
  #ended = false;

  private constructor(
    readonly kernels: Kernels,
    readonly support: ThreadSupport,
    /** Threads in all, the owner included. */
    readonly count: number,
    readonly control: number,
    readonly workspaces: readonly number[],
  ) {
    this.#words = new Int32Array(kernels.memory.buffer, control, programWord(count));
  }

  /** Starts `count` − 1 threads. @throws AdaptiveError 'worker' if one does not start, 'memory'. */
  static async create(kernels: Kernels, support: ThreadSupport, count: number): Promise<ThreadPool> {
    const { arena, functions } = kernels;
    const control = arena.take(controlBytes(count));
    const workspaces = Array.from({ length: count - 1 }, () => arena.take(functions.workspaceBytes()));
    const pool = new ThreadPool(kernels, support, count, control, workspaces);
    try {
      workspaces.forEach((workspace, i) => pool.#start(workspace, i + 1));
      await pool.#join(startPatience);
      return pool;
    } catch (error) {
      pool.end();
      throw error;
    }
  }

  #start(workspace: number, index: number): void {
    const thread = this.support.spawn((reason) => (this.#death ??= reason));
    this.#threads.push(thread);
    const { memory } = this.kernels;
    thread.start({ kind: 'replay', module: this.support.module, memory, control: this.control, workspace, index });
  }

  /** Replays job k on thread k, the first on this one, and resolves when all are done. */
  async run(jobs: readonly Job[]): Promise<void> {
    if (this.#ended) throw new AdaptiveError('destroyed', 'The threads were ended.');
    if (this.#death !== null) throw died(this.#death);
    const words = this.#words;
    for (let thread = 1; thread < this.count; thread++) {
      Atomics.store(words, programWord(thread), jobs[thread]?.program ?? 0);
      Atomics.store(words, stepsWord(thread), jobs[thread]?.steps ?? 0);
    }
    Atomics.store(words, controlWord.ready, 0);
    Atomics.add(words, controlWord.round, 1);
    Atomics.notify(words, controlWord.round);
    const [own] = jobs;
    try {
      if (own) this.kernels.functions.replay(own.program, own.steps);
    } finally {
      await this.#join(patience);
    }
    const failed = Atomics.load(words, controlWord.failed);
    if (failed !== 0) throw died(`thread ${failed} failed inside a kernel`);
  }

  /** Ends the threads and gives their scratch back. Twice is harmless. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const thread of this.#threads) thread.terminate();
    const { arena, functions } = this.kernels;
    for (const workspace of this.workspaces) arena.giveBack(workspace, functions.workspaceBytes());
    // A terminated thread may go on for a moment, and would take whatever came to lie in the control block for a new
    // round. So that block, of some bytes, is never given back.
  }

  /** Waits until every other thread has finished its round; lets messages in, so that a death is heard of. */
  async #join(limit: number): Promise<void> {
    const words = this.#words;
    const others = this.count - 1;
    for (let look = 0; look < looks; look++) {
      if (Atomics.load(words, controlWord.ready) >= others) return;
    }
    const started = performance.now();
    for (;;) {
      const ready = Atomics.load(words, controlWord.ready);
      if (ready >= others) return;
      await nextTask();
      if (this.#death !== null) throw died(this.#death);
      if (performance.now() - started > limit) throw died(`${others - ready} did not answer`);
      Atomics.wait(words, controlWord.ready, ready, nap);
    }
  }
}

export function died(reason: string): AdaptiveError {
  return new AdaptiveError(
    'worker',
    `A thread of the model died: ${reason}. Try again, on one thread if it recurs. Weights that were being trained are those of the last step.`,
    { reason },
  );
}
