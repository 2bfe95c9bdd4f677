/** What threads need of a platform: a kernel module for shared memory, and a way to start a script beside this one. */
import type { ThreadStart } from './thread-start.js';

export interface ThreadHandle {
  start(message: ThreadStart): void;
  terminate(): void;
}

export interface ThreadSupport {
  /** The kernels, for shared memory. */
  readonly module: WebAssembly.Module;
  /** Threads that the machine runs at once. */
  readonly available: number;
  /** Of these, how many are better left to others. */
  readonly spared: number;
  /** @param onDeath is called with the reason if the thread ends by itself. */
  spawn(onDeath: (reason: string) => void): ThreadHandle;
}

/** Threads that work unless another number is asked for. */
export function usualThreads(support: ThreadSupport | null): number {
  return support ? Math.max(1, support.available - support.spared) : 1;
}
