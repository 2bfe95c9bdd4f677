/**
 * The CPU backend. A Program's buffers are taken from one memory, the Program is encoded beside them, and a replay is
 * one call into the module, which walks it. Nothing is allocated after `load`.
 */
import { AdaptiveError } from '../core/errors.js';
import type { Executor, Runner, Values } from '../core/executor.js';
import { elementsAt, type BufferSpec, type ElementType, type Program } from '../core/program.js';
import { encodeProgram, type Placement } from './encode-program.js';
import { planPacking } from './pack-weights.js';
import { instantiate, type WasmInstance } from './wasm-module.js';

const elementBytes = 4;

export interface WasmExecutorOptions {
  /** The kernel module, compiled. */
  readonly module: WebAssembly.Module;
  readonly maximumBytes?: number;
}

interface Shared extends Placement {
  readonly length: number;
  readonly type: ElementType;
}

/** @throws AdaptiveError 'unsupported' when the module does not run here, 'memory' when there is not enough. */
export async function createWasmExecutor({ module, maximumBytes }: WasmExecutorOptions): Promise<Executor> {
  const wasm = instantiate(module, ['replay', 'setWorkspace', 'workspaceBytes'], maximumBytes);
  wasm.functions.setWorkspace(wasm.arena.take(wasm.functions.workspaceBytes()));
  return new WasmExecutor(wasm);
}

class WasmExecutor implements Executor {
  readonly backend = 'wasm';
  readonly #shared = new Map<string, Shared>();
  readonly #runners = new Set<WasmRunner>();
  #destroyed = false;

  constructor(readonly wasm: WasmInstance<'replay' | 'setWorkspace' | 'workspaceBytes'>) {}

  get bytes(): number {
    return this.wasm.arena.used;
  }

  async load(program: Program): Promise<Runner> {
    if (this.#destroyed) throw new AdaptiveError('destroyed', 'This executor was destroyed.');
    const taken: [address: number, bytes: number][] = [];
    const take = (bytes: number) => {
      const address = this.wasm.arena.take(bytes);
      taken.push([address, bytes]);
      return address;
    };
    const giveBack = () => {
      for (const [address, bytes] of taken.splice(0)) this.wasm.arena.giveBack(address, bytes);
    };
    try {
      const placements = program.buffers.map((spec) =>
        spec.scope === 'shared' ? this.#share(spec) : place(take(spec.length * elementBytes), spec.length),
      );
      const packing = planPacking(program);
      const room = place(take(packing.bytes), packing.bytes / elementBytes);
      const words = encodeProgram(program, placements, packing, room);
      const address = take(words.byteLength);
      new Int32Array(this.wasm.memory.buffer, address, words.length).set(words);
      const runner = new WasmRunner(this, program, address, placements, () => {
        this.#runners.delete(runner);
        giveBack();
      });
      this.#runners.add(runner);
      return runner;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  destroy(): void {
    this.#destroyed = true;
    for (const runner of this.#runners) runner.unload();
    for (const { address, length } of this.#shared.values()) this.wasm.arena.giveBack(address, length * elementBytes);
    this.#shared.clear();
  }

  #share({ name, type, length }: BufferSpec): Shared {
    const known = this.#shared.get(name);
    if (known) {
      if (known.length === length && known.type === type) return known;
      throw new AdaptiveError(
        'program',
        `Shared buffer ${name}: expected ${known.length} ${known.type}, got ${length} ${type}.`,
      );
    }
    const shared = { ...place(this.wasm.arena.take(length * elementBytes), length), length, type };
    this.#shared.set(name, shared);
    return shared;
  }
}

function place(address: number, length: number): Placement {
  return { address, end: address + length * elementBytes };
}

class WasmRunner implements Runner {
  #loaded = true;

  constructor(
    readonly executor: WasmExecutor,
    readonly program: Program,
    readonly address: number,
    readonly placements: readonly Placement[],
    readonly giveBack: () => void,
  ) {}

  run(steps: number): void {
    this.#check();
    if (!Number.isInteger(steps) || steps < 1 || steps > this.program.maxSteps) {
      throw new AdaptiveError(
        'program',
        `${this.program.name}: expected 1 to ${this.program.maxSteps} steps, got ${steps}.`,
      );
    }
    this.executor.wasm.functions.replay(this.address, steps);
  }

  write(port: string, values: Values): void {
    this.#open(port, values.length).set(values);
  }

  async read<T extends Values>(port: string, into: T): Promise<T> {
    into.set(this.#open(port, into.length));
    return into;
  }

  unload(): void {
    if (!this.#loaded) return;
    this.#loaded = false;
    this.giveBack();
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
    const { buffer } = this.executor.wasm.memory;
    return port.type === 'f32' ? new Float32Array(buffer, address, length) : new Int32Array(buffer, address, length);
  }

  #check(): void {
    if (!this.#loaded) throw new AdaptiveError('destroyed', `${this.program.name} was unloaded.`);
  }
}
