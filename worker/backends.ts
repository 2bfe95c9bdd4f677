/** The backends of a worker: which there are, and their executors. */
import type { BackendReason } from '../core/backend.js';
import { AdaptiveError } from '../core/errors.js';
import type { Executor } from '../core/executor.js';
import { defaultSource, inspectAdapter, type AdapterReport, type GpuSource } from '../gpu/adapter.js';
import type { Modules } from './assets.js';
import { shortMemory, type ChoiceMemory } from './choice-memory.js';
import { usualThreads } from './threads/thread-support.js';
import { createWasmExecutor } from './wasm-executor.js';

export interface BackendOptions {
  /** Where GPU adapters come from; `navigator.gpu` unless given, null for none. */
  readonly gpu?: GpuSource | null;
  /** Where measurements are kept; as long as the process lives unless given. */
  readonly memory?: ChoiceMemory;
  /** Seconds that a GPU may take to stand ready for a comparison, with adapter, device and pipelines; 3 unless given. */
  readonly readyTime?: number;
}

export class Backends {
  readonly memory: ChoiceMemory;
  readonly readyTime: number;
  readonly #modules: () => Promise<Modules>;
  readonly #source: GpuSource | null;
  #closed = false;

  constructor(
    modules: () => Promise<Modules>,
    { gpu = defaultSource(), memory = shortMemory(), readyTime = 3 }: BackendOptions = {},
  ) {
    this.#modules = modules;
    this.#source = gpu;
    this.memory = memory;
    this.readyTime = readyTime;
  }

  async wasm(): Promise<Executor> {
    this.#check();
    const { kernels, threads } = await this.#modules();
    return createWasmExecutor({ module: kernels, threads });
  }

  /** That WASM trains on unless another number is asked for. */
  async usualThreads(): Promise<number> {
    return usualThreads((await this.#modules()).threads);
  }

  /** @throws AdaptiveError 'unsupported' when there is no adapter or no device */
  async webgpu(): Promise<Executor> {
    this.#check();
    // Kept out of the worker's own file: most pages never ask for it.
    const { createGpuExecutor } = await import('../gpu/webgpu.js');
    return createGpuExecutor({ source: this.#source });
  }

  /** Whether there is anything to ask for an adapter, which takes a while. */
  get knowsWebGpu(): boolean {
    return this.#source !== null;
  }

  adapter(): Promise<AdapterReport> {
    return inspectAdapter(this.#source);
  }

  /** No more executors: those that ask for one are told `destroyed`. */
  close(): void {
    this.#closed = true;
  }

  #check(): void {
    if (this.#closed) throw new AdaptiveError('destroyed', 'The model was destroyed. Make a new one.');
  }
}

/** Why it is not WebGPU, after it failed. */
export function reasonOf({ code }: AdaptiveError): BackendReason {
  if (code === 'memory') return { code };
  if (code === 'device-lost' || code === 'destroyed') return { code: 'device-lost' };
  return { code: code === 'unsupported' ? 'no-adapter' : 'failed' };
}
