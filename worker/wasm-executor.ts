/**
 * The CPU backend. A Program's buffers are taken from one memory, the Program is encoded beside them, and a replay is
 * one call into the module, which walks it. Nothing is allocated after `load`.
 */
import { AdaptiveError } from '../core/errors.js';
import type { Executor, LoadOptions, Team } from '../core/executor.js';
import { planMemory } from '../core/memory-plan.js';
import type { BufferSpec, ElementType, Program } from '../core/program.js';
import { encodeProgram, type Placement } from './encode-program.js';
import { OverlayRooms, type OverlayRoom } from './overlay-rooms.js';
import { planPacking } from './pack-weights.js';
import { noInt8, planInt8, quantiseWeights } from './quantise-weights.js';
import { Crew } from './threads/crew.js';
import { died, ThreadPool, type Job } from './threads/thread-pool.js';
import { usualThreads, type ThreadSupport } from './threads/thread-support.js';
import { instantiate, type WasmInstance } from './wasm-module.js';
import { WasmRunner, type RunnerHost } from './wasm-runner.js';

const elementBytes = 4;
const lineElements = 16;

export interface WasmExecutorOptions {
  /** The kernel module, compiled. Not used when there is thread support, which brings its own. */
  readonly module: WebAssembly.Module;
  readonly maximumBytes?: number;
  /** Where the platform has threads; absent, everything runs on the caller's. */
  readonly threads?: ThreadSupport | null;
}

interface Shared extends Placement {
  readonly length: number;
  readonly type: ElementType;
}

const functions = ['replay', 'setWorkspace', 'workspaceBytes', 'setCrew', 'crewBytes'] as const;
type Kernels = WasmInstance<(typeof functions)[number]>;

/** @throws AdaptiveError 'unsupported' when the module does not run here, 'memory' when there is not enough. */
export async function createWasmExecutor(options: WasmExecutorOptions): Promise<WasmExecutor> {
  const { threads = null, module, maximumBytes } = options;
  const wasm = instantiate(threads?.module ?? module, functions, { maximumBytes, shared: threads !== null });
  wasm.functions.setWorkspace(wasm.arena.take(wasm.functions.workspaceBytes()));
  return new WasmExecutor(wasm, threads);
}

export class WasmExecutor implements Executor, RunnerHost {
  readonly backend = 'wasm';
  readonly queues = false;
  readonly #shared = new Map<string, Shared>();
  readonly #runners = new Set<WasmRunner>();
  readonly #overlays: OverlayRooms;
  #destroyed = false;

  #pool: ThreadPool | null = null;
  #teams = 0;
  #together = false;
  #refused = false;
  #crew: Crew | null = null;

  constructor(
    readonly wasm: Kernels,
    readonly support: ThreadSupport | null,
  ) {
    this.#overlays = new OverlayRooms(wasm.arena);
  }

  get threads(): number {
    return this.support?.available ?? 1;
  }

  get usualThreads(): number {
    return usualThreads(this.support);
  }

  get memory(): WebAssembly.Memory {
    return this.wasm.memory;
  }

  get bytes(): number {
    return this.#destroyed ? 0 : this.memory.buffer.byteLength;
  }

  async load(program: Program, options?: LoadOptions): Promise<WasmRunner> {
    return this.#load(program, new Set(), options);
  }

  /** `team`: overlays that the Program must not share; its own is added. */
  async #load(
    program: Program,
    team: Set<OverlayRoom>,
    { weights = 'f32', threads = 1 }: LoadOptions = {},
  ): Promise<WasmRunner> {
    if (this.#destroyed) throw new AdaptiveError('destroyed', 'This executor was destroyed.');
    const taken: (() => void)[] = [];
    const take = (bytes: number) => {
      const address = this.wasm.arena.take(bytes);
      taken.push(() => this.wasm.arena.giveBack(address, bytes));
      return address;
    };
    const takeOverlay = (words: number) => {
      if (words === 0) return 0;
      const room = this.#overlays.take(words * elementBytes, team);
      taken.push(() => this.#overlays.giveBack(room));
      team.add(room);
      return room.address;
    };
    const giveBack = () => {
      for (const undo of taken.splice(0)) undo();
    };
    try {
      const scans = planPacking(program);
      const rooms = [...scans.values()].map(({ room }) => room);
      const plan = planMemory(program, lineElements, rooms);
      const overlay = takeOverlay(plan.words);
      const inOverlay = (words: number) => overlay + words * elementBytes;
      const placements = program.buffers.map((spec, buffer) => {
        if (spec.scope === 'shared') return this.#share(spec);
        const offset = plan.buffers.get(buffer);
        return place(offset === undefined ? take(spec.length * elementBytes) : inOverlay(offset), spec.length);
      });
      const packed = new Map(
        [...scans].map(([scan, { weights }], i) => [scan, { plan: weights, address: inOverlay(plan.others[i] ?? 0) }]),
      );
      const withRoom = <P extends { readonly bytes: number }>(plan: P) => {
        return { plan, address: plan.bytes > 0 ? take(plan.bytes) : 0 };
      };
      const int8 = withRoom(weights === 'int8' ? planInt8(program) : noInt8);
      const refresh = () => quantiseWeights(int8.plan, this.wasm.memory.buffer, placements, int8.address);
      refresh();
      const words = encodeProgram(program, placements, { packed, int8 });
      const address = take(words.byteLength);
      new Int32Array(this.wasm.memory.buffer, address, words.length).set(words);
      const unload = () => {
        this.#runners.delete(runner);
        giveBack();
      };
      const runner = new WasmRunner(this, program, address, placements, threads, { refresh, unload });
      this.#runners.add(runner);
      return runner;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  async loadTeam(programs: readonly Program[]): Promise<Team> {
    const runners: WasmRunner[] = [];
    const unload = () => {
      for (const runner of runners.splice(0)) runner.unload();
    };
    try {
      const overlays = new Set<OverlayRoom>();
      for (const program of programs) runners.push(await this.#load(program, overlays));
      const pool = await this.#startThreads(programs.length);
      this.#teams++;
      let loaded = true;
      return {
        runners: [...runners],
        run: (steps) => this.#runTogether(runners, pool, steps),
        unload: () => {
          if (!loaded) return;
          loaded = false;
          unload();
          if (--this.#teams === 0) this.#endThreads();
        },
      };
    } catch (error) {
      unload();
      if (this.#teams === 0) this.#endThreads();
      throw error;
    }
  }

  /** On the threads of a pool; without one, one after the other. */
  async #runTogether(runners: readonly WasmRunner[], pool: ThreadPool | null, steps: number): Promise<void> {
    if (pool === null) {
      for (const runner of runners) runner.run(steps);
      return;
    }
    const jobs = runners.map((runner) => runner.job(steps));
    this.#together = true;
    try {
      await pool.run(jobs);
    } finally {
      this.#together = false;
    }
  }

  assertTurn(name: string): void {
    if (this.#together)
      throw new AdaptiveError('internal', `${name} was to be replayed while a team is. Wait for that.`);
  }

  async #startThreads(count: number): Promise<ThreadPool | null> {
    if (this.support === null || count === 1 || this.#refused) return null;
    if (this.#pool && this.#pool.count < count) this.#endThreads();
    try {
      this.#pool ??= await ThreadPool.create(this.wasm, this.support, count);
    } catch (error) {
      // A page may share memory and yet not be allowed to start the script. Its work is then done on one thread.
      if (AdaptiveError.from(error).code !== 'worker') throw error;
      this.#refused = true;
    }
    return this.#pool;
  }

  replay({ program, steps }: Job, threads: number): void {
    const helpers = Math.min(threads, this.threads) - 1;
    if (this.support && helpers > 0) this.#crew ??= new Crew(this.wasm, this.support, helpers);
    try {
      this.wasm.functions.replay(program, steps);
    } catch (error) {
      if (this.#crew === null || !(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#crew.end();
      throw died('it did not finish its part of a product');
    }
  }

  /** Parts of products that helpers have done so far. */
  get helped(): number {
    return this.#crew?.helped ?? 0;
  }

  #endThreads(): void {
    this.#pool?.end();
    this.#pool = null;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#endThreads();
    this.#crew?.end();
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
