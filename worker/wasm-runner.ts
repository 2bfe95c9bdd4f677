/** A Program in the memory of the WASM executor: its ports, and its replays. */
import { AdaptiveError } from '../core/errors.js';
import type { Runner, Values } from '../core/executor.js';
import { elementsAt, type Program } from '../core/program.js';
import type { Placement } from './encode-program.js';
import type { Job } from './threads/thread-pool.js';

const elementBytes = 4;

/** What a runner needs of its executor. */
export interface RunnerHost {
  readonly memory: WebAssembly.Memory;
  /** Programs take turns in their overlays. @throws AdaptiveError 'internal' while a team is being replayed */
  assertTurn(name: string): void;
  /** Replays on this thread, with helpers for products of one row when there are to be several. */
  replay(job: Job, threads: number): void;
}

export class WasmRunner implements Runner {
  #loaded = true;

  constructor(
    readonly executor: RunnerHost,
    readonly program: Program,
    readonly address: number,
    readonly placements: readonly Placement[],
    /** That may divide a product. */
    readonly threads: number,
    readonly hooks: { readonly refresh: () => void; readonly unload: () => void },
  ) {}

  run(steps: number): void {
    this.executor.replay(this.job(steps), this.threads);
  }

  /** What a thread is to replay. */
  job(steps: number): Job {
    this.#check();
    this.executor.assertTurn(this.program.name);
    if (!Number.isInteger(steps) || steps < 1 || steps > this.program.maxSteps) {
      throw new AdaptiveError(
        'program',
        `${this.program.name}: expected 1 to ${this.program.maxSteps} steps, got ${steps}.`,
      );
    }
    return { program: this.address, steps };
  }

  write(port: string, values: Values): void {
    this.#open(port, values.length).set(values);
  }

  refresh(): void {
    this.#check();
    this.hooks.refresh();
  }

  async read<T extends Values>(port: string, into: T): Promise<T> {
    into.set(this.#open(port, into.length));
    return into;
  }

  unload(): void {
    if (!this.#loaded) return;
    this.#loaded = false;
    this.hooks.unload();
  }

  /** The memory of the first `length` elements of a port. The memory may have grown since, so the view is made anew. */
  #open(name: string, length: number): Float32Array | Int32Array {
    this.#check();
    const port = this.program.ports.get(name);
    const placement = port && this.placements[port.view.buffer];
    if (!placement) throw new AdaptiveError('program', `${this.program.name} has no port ${name}.`);
    const capacity = elementsAt(port.shape, this.program.maxSteps);
    if (length > capacity) {
      throw new AdaptiveError('program', `Port ${name} of ${this.program.name} holds ${capacity}, got ${length}.`);
    }
    const address = placement.address + port.view.offset * elementBytes;
    const { buffer } = this.executor.memory;
    return port.type === 'f32' ? new Float32Array(buffer, address, length) : new Int32Array(buffer, address, length);
  }

  #check(): void {
    if (!this.#loaded) throw new AdaptiveError('destroyed', `${this.program.name} was unloaded.`);
  }
}
