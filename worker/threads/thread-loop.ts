/**
 * What a thread does: it waits for a job, replays it, says so, and waits again. It never returns to its event loop; its
 * owner ends it by terminating it.
 *
 * The control block, 32-bit words in the shared memory:
 *
 *   0           round: counted up to start a job on every thread
 *   1           ready: threads that have finished the round, or have started up
 *   2           failed: the number of a thread whose replay trapped, else 0
 *   4 + 2k      program of thread k, an address; 0 for nothing to do
 *   5 + 2k      steps of thread k
 */
import { attach } from '../wasm-module.js';

export interface ReplayStart {
  readonly kind: 'replay';
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly control: number;
  /** Address of the thread's scratch. */
  readonly workspace: number;
  /** k, from 1; the thread that owns the pool is 0. */
  readonly index: number;
}

export const controlWord = { round: 0, ready: 1, failed: 2 } as const;

export function programWord(thread: number): number {
  return 4 + 2 * thread;
}

export function stepsWord(thread: number): number {
  return 5 + 2 * thread;
}

export function controlBytes(threads: number): number {
  return programWord(threads) * 4;
}

/** Looks before a thread goes to sleep: phases of a step follow each other within microseconds. */
const looks = 20_000;

export function serveThread({ module, memory, control, workspace, index }: ReplayStart): never {
  const functions = attach(module, ['replay', 'setWorkspace'], memory);
  functions.setWorkspace(workspace);
  const words = new Int32Array(memory.buffer, control, programWord(index + 1));
  let round = Atomics.load(words, controlWord.round);
  const finish = () => {
    Atomics.add(words, controlWord.ready, 1);
    Atomics.notify(words, controlWord.ready);
  };
  finish();
  for (;;) {
    round = nextRound(words, round);
    const program = Atomics.load(words, programWord(index));
    try {
      if (program !== 0) functions.replay(program, Atomics.load(words, stepsWord(index)));
    } catch {
      Atomics.store(words, controlWord.failed, index);
    }
    finish();
  }
}

/** Waits for another round. Waking up is no proof of one: the notice of the last may come when its job is long done. */
function nextRound(words: Int32Array, round: number): number {
  for (;;) {
    for (let look = 0; look < looks; look++) {
      const now = Atomics.load(words, controlWord.round);
      if (now !== round) return now;
    }
    Atomics.wait(words, controlWord.round, round);
  }
}
