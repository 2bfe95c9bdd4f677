/**
 * The GPU backend. The buffers of a Program lie in two arenas, one shared by name and one of its own, bound whole and
 * once; what a call does is in its record (record.ts) and its pipelines (plan.ts). Nothing is allocated after `load`.
 */
import { AdaptiveError } from '../core/errors.js';
import type { Executor, Runner, Team } from '../core/executor.js';
import { planMemory } from '../core/memory-plan.js';
import type { Program } from '../core/program.js';
import { openGpu, type Gpu, type GpuOptions } from './device.js';
import { aligned, alignment, SharedArena, Staging, takeBuffer } from './memory.js';
import { Pipelines } from './pipelines.js';
import { planProgram, scratchTenants } from './plan.js';
import { arenas, recordWords, type Placement } from './record.js';
import { GpuRunner } from './runner.js';
import { SubmitBudget } from './submit-budget.js';

/** @throws AdaptiveError 'unsupported' when there is no WebGPU, no adapter, or no device. */
export async function createGpuExecutor(options: GpuOptions = {}): Promise<GpuExecutor> {
  return new GpuExecutor(await openGpu(options));
}

export class GpuExecutor implements Executor {
  readonly backend = 'webgpu';
  readonly threads = 1;
  readonly usualThreads = 1;
  readonly queues = true;
  readonly #pipelines: Pipelines;
  readonly #shared: SharedArena;
  readonly #staging: Staging;
  readonly #budget: SubmitBudget;
  readonly #runners = new Set<GpuRunner>();
  /** Loads go one after the other: the shared arena may move. */
  #loading: Promise<unknown> = Promise.resolve();
  #destroyed = false;

  /** The executor owns the device from now on. */
  constructor(readonly gpu: Gpu) {
    this.#pipelines = new Pipelines(gpu.device, gpu.has('subgroups'));
    this.#shared = new SharedArena(gpu);
    this.#staging = new Staging(gpu);
    this.#budget = new SubmitBudget(gpu.device.queue);
  }

  get bytes(): number {
    const own = [...this.#runners].reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#shared.bytes + this.#staging.bytes + own;
  }

  load(program: Program): Promise<GpuRunner> {
    const loaded = this.#loading.then(() => this.#load(program));
    this.#loading = loaded.catch(() => undefined);
    return loaded;
  }

  /** There is one queue, so Programs are replayed one after the other. */
  async loadTeam(programs: readonly Program[]): Promise<Team> {
    const runners: Runner[] = [];
    const unload = () => {
      for (const runner of runners) runner.unload();
    };
    try {
      for (const program of programs) runners.push(await this.load(program));
    } catch (error) {
      unload();
      throw error;
    }
    return {
      runners,
      run: async (steps) => {
        for (const runner of runners) runner.run(steps);
      },
      unload,
    };
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const runner of [...this.#runners]) runner.unload();
    this.#shared.destroy();
    this.#staging.destroy();
    this.gpu.destroy();
  }

  async #load(program: Program): Promise<GpuRunner> {
    this.#check();
    const shared = await this.#shared.place(program.buffers.filter(({ scope }) => scope === 'shared'));
    const { style } = this.gpu;
    const memory = planMemory(program, alignment, scratchTenants(program, style));
    let words = memory.words;
    const placements = program.buffers.map(({ name, scope, length }, buffer): Placement => {
      const known = scope === 'shared' ? shared.get(name) : undefined;
      if (known) return known;
      const inOverlay = memory.buffers.get(buffer);
      const offset = inOverlay ?? words;
      if (inOverlay === undefined) words += aligned(length);
      return { arena: arenas.own, offset };
    });
    const plan = await planProgram(program, placements, memory.others, this.#pipelines, style);
    const recordCount = plan.records.integers.length / recordWords;
    const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = GPUBufferUsage;
    // The small one first: there is nothing to give back when the large one cannot be had but this.
    const records = await takeBuffer(
      this.gpu,
      `${program.name}.records`,
      recordCount * recordWords,
      UNIFORM | COPY_DST,
    );
    const own = await takeBuffer(this.gpu, program.name, words, STORAGE | COPY_SRC | COPY_DST).catch(
      (error: unknown) => {
        records.destroy();
        throw error;
      },
    );
    this.#check();
    const runner = new GpuRunner({
      gpu: this.gpu,
      pipelines: this.#pipelines,
      shared: this.#shared,
      staging: this.#staging,
      plan,
      own,
      records,
      budget: this.#budget,
      forget: (gone) => this.#runners.delete(gone),
    });
    this.#runners.add(runner);
    return runner;
  }

  #check(): void {
    if (this.#destroyed) throw new AdaptiveError('destroyed', 'This executor was destroyed.');
    this.gpu.check();
  }
}
