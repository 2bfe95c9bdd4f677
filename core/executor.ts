/**
 * The one contract that every backend keeps: reference (float64, in test/), WASM (worker/), WebGPU (gpu/).
 */
import type { Program } from './program.js';

export type Values = Float32Array | Float64Array | Int32Array;

export type Backend = 'reference' | 'wasm' | 'webgpu';

export interface LoadOptions {
  /**
   * 'int8': products of one row at a time, as in writing, may read weights of 8 bits with one scale for each row
   * instead of the Program's own; the numbers that come out are then near, not equal. An executor that has no such
   * products ignores it. Only weights in buffers that the Program does not write itself are taken. Default 'f32'.
   */
  readonly weights?: 'f32' | 'int8';
  /**
   * Products of one row at a time, as in writing, may be divided among so many threads. These start at the first replay,
   * join when they are ready and stay until the executor is destroyed. The numbers do not depend on them. Default 1.
   */
  readonly threads?: number;
}

/** A Program that stands ready: memory taken, calls resolved. */
export interface Runner {
  readonly program: Program;
  /**
   * Replays the Program over `steps` steps (1 … maxSteps). Work may still be under way on return;
   * a later `read` waits for it.
   */
  run(steps: number): void;
  /** Copies `values` to the start of a port; fewer than the port holds is allowed, more is an error. */
  write(port: string, values: Values): void;
  /**
   * Says that weights have changed since the Program was loaded or last refreshed, so that what was made of them is
   * made anew. Nothing to do unless it was loaded with other `weights` than 'f32'.
   */
  refresh(): void;
  /** Fills `into` from the start of a port, and returns it; waits for the work before. */
  read<T extends Values>(port: string, into: T): Promise<T>;
  /** Gives the Program's own memory back. Twice is harmless. */
  unload(): void;
}

/** Programs that are replayed together. Until they are done, no other Program of the executor is to be replayed. */
export interface Team {
  readonly runners: readonly Runner[];
  /** Replays all, at once where there are threads, and resolves when the last is done. */
  run(steps: number): Promise<void>;
  /** Gives the memory of all Programs back. Twice is harmless. */
  unload(): void;
}

export interface Executor {
  readonly backend: Backend;
  /** Programs of a team that can be replayed at once, at most. */
  readonly threads: number;
  /** As many as are used unless somebody asks for another number: in a page, one core is left to the page. */
  readonly usualThreads: number;
  /** Whether `run` returns before its work is done, so that it pays to give more before a result is waited for. */
  readonly queues: boolean;
  /**
   * Bytes that are held now, for buffers and what comes with them. Memory of WebAssembly only grows: what was given back
   * is used by the next Programs and counts until `destroy`.
   */
  readonly bytes: number;
  /** Takes memory for a Program. Buffers of scope `shared` are found by name and must agree in length. */
  load(program: Program, options?: LoadOptions): Promise<Runner>;
  /**
   * Takes memory for Programs that write to different memory, so that they may be replayed at once. Threads, where there
   * are any, are started by the first team and ended with the last one.
   */
  loadTeam(programs: readonly Program[]): Promise<Team>;
  /** Gives everything back. Twice is harmless. */
  destroy(): void;
}
