/** A Program on the GPU: its own arena, its records, one bind group; a replay is one command encoder. */
import { AdaptiveError } from '../core/errors.js';
import type { Runner, Values } from '../core/executor.js';
import { elementsAt, type Program } from '../core/program.js';
import type { Gpu } from './device.js';
import { wordBytes, type SharedArena, type Staging } from './memory.js';
import type { Pipelines } from './pipelines.js';
import type { Plan, PlannedCall } from './plan.js';
import { arenas, recordBytes, recordWords } from './record.js';
import { workOfDispatch, type SubmitBudget } from './submit-budget.js';

export interface RunnerParts {
  readonly gpu: Gpu;
  readonly pipelines: Pipelines;
  readonly shared: SharedArena;
  readonly staging: Staging;
  readonly plan: Plan;
  readonly own: GPUBuffer;
  readonly records: GPUBuffer;
  readonly budget: SubmitBudget;
  readonly forget: (runner: GpuRunner) => void;
}

interface Opened {
  readonly buffer: GPUBuffer;
  /** Words from the start of the buffer. */
  readonly offset: number;
  readonly isFloat: boolean;
}

export class GpuRunner implements Runner {
  readonly #dynamicOffset = new Uint32Array(1);
  #loaded = true;
  #bindGroup: GPUBindGroup | null = null;
  #boundTo: GPUBuffer | null = null;
  /** Dispatches of the last replay. */
  dispatches = 0;
  /** Submits of the last replay. */
  submits = 0;

  constructor(readonly parts: RunnerParts) {}

  get program(): Program {
    return this.parts.plan.program;
  }

  get bytes(): number {
    return this.#loaded ? this.parts.own.size + this.parts.records.size : 0;
  }

  run(steps: number): void {
    this.#check();
    const { gpu, plan, records } = this.parts;
    const { name, maxSteps } = plan.program;
    if (!Number.isInteger(steps) || steps < 1 || steps > maxSteps) {
      throw new AdaptiveError('program', `${name}: expected 1 to ${maxSteps} steps, got ${steps}.`);
    }
    const written = plan.prepare(steps);
    if (written > 0) gpu.device.queue.writeBuffer(records, 0, plan.records.integers, 0, written * recordWords);
    this.#encode(steps);
  }

  write(port: string, values: Values): void {
    const { buffer, offset, isFloat } = this.#open(port, values.length);
    const words = isFloat ? asFloats(values) : asIntegers(values);
    this.parts.gpu.device.queue.writeBuffer(buffer, offset * wordBytes, words);
  }

  /** Nothing is made of weights. */
  refresh(): void {
    this.#check();
  }

  async read<T extends Values>(port: string, into: T): Promise<T> {
    const { buffer, offset, isFloat } = this.#open(port, into.length);
    if (into.length === 0) return into;
    await this.parts.staging.read(buffer, offset, into.length, (bytes) => {
      into.set(isFloat ? new Float32Array(bytes) : new Int32Array(bytes));
    });
    // What went wrong on the way makes the numbers worthless.
    this.parts.gpu.check();
    return into;
  }

  unload(): void {
    if (!this.#loaded) return;
    this.#loaded = false;
    this.parts.own.destroy();
    this.parts.records.destroy();
    this.parts.forget(this);
  }

  #encode(steps: number): void {
    const { gpu, plan, budget } = this.parts;
    const encoding = new Encoding(gpu.device, this.#group(), this.#dynamicOffset, budget);
    for (const { direction, calls } of plan.blocks) {
      if (direction === 'once') for (const call of calls) encoding.call(call, 0);
      else if (direction === 'forward') {
        for (let t = 0; t < steps; t++) for (const call of calls) encoding.call(call, t);
      } else {
        for (let t = steps - 1; t >= 0; t--) for (const call of calls) encoding.call(call, t);
      }
    }
    encoding.end();
    this.dispatches = encoding.dispatches;
    this.submits = encoding.submits;
  }

  /** Made once; again only after the shared arena has grown. */
  #group(): GPUBindGroup {
    const { gpu, pipelines, shared, own, records } = this.parts;
    if (this.#bindGroup && this.#boundTo === shared.buffer) return this.#bindGroup;
    this.#boundTo = shared.buffer;
    this.#bindGroup = gpu.device.createBindGroup({
      layout: pipelines.groupLayout,
      entries: [
        { binding: 0, resource: { buffer: shared.buffer } },
        { binding: 1, resource: { buffer: own } },
        { binding: 2, resource: { buffer: records, size: recordBytes } },
      ],
    });
    return this.#bindGroup;
  }

  #open(name: string, length: number): Opened {
    this.#check();
    const { plan, shared, own } = this.parts;
    const port = plan.program.ports.get(name);
    const placement = port && plan.placements[port.view.buffer];
    if (!placement) throw new AdaptiveError('program', `${plan.program.name} has no port ${name}.`);
    const capacity = elementsAt(port.shape, plan.program.maxSteps);
    if (length > capacity) {
      throw new AdaptiveError('program', `Port ${name} of ${plan.program.name} holds ${capacity}, got ${length}.`);
    }
    const buffer = placement.arena === arenas.shared ? shared.buffer : own;
    return { buffer, offset: placement.offset + port.view.offset, isFloat: port.type === 'f32' };
  }

  #check(): void {
    if (!this.#loaded) throw new AdaptiveError('destroyed', `${this.program.name} was unloaded.`);
    this.parts.gpu.check();
  }
}

/** As the queue takes them: in memory that no thread shares. */
function asFloats(values: Values): Float32Array<ArrayBuffer> {
  return isPlainFloats(values) ? values : Float32Array.from(values);
}

function asIntegers(values: Values): Int32Array<ArrayBuffer> {
  return isPlainIntegers(values) ? values : Int32Array.from(values);
}

function isPlainFloats(values: Values): values is Float32Array<ArrayBuffer> {
  return values instanceof Float32Array && values.buffer instanceof ArrayBuffer;
}

function isPlainIntegers(values: Values): values is Int32Array<ArrayBuffer> {
  return values instanceof Int32Array && values.buffer instanceof ArrayBuffer;
}

/** One replay on its way to the queue. */
class Encoding {
  dispatches = 0;
  submits = 0;
  #encoder: GPUCommandEncoder;
  #pass: GPUComputePassEncoder;
  #pipeline: GPUComputePipeline | null = null;
  #work = 0;

  constructor(
    readonly device: GPUDevice,
    readonly group: GPUBindGroup,
    readonly dynamicOffset: Uint32Array,
    readonly budget: SubmitBudget,
  ) {
    this.#encoder = device.createCommandEncoder();
    this.#pass = this.#encoder.beginComputePass();
  }

  /** All dispatches of a call with its record of index `t`. */
  call({ record, stages }: PlannedCall, t: number): void {
    this.dynamicOffset[0] = (record + t) * recordBytes;
    let bound = false;
    for (const { pipeline, x, y, z, work: estimated } of stages) {
      if (x * y * z === 0) continue;
      const work = Math.max(estimated, workOfDispatch);
      if (this.#work > 0 && this.#work + work > this.budget.work) {
        this.#next();
        bound = false;
      }
      if (pipeline !== this.#pipeline) this.#pass.setPipeline(pipeline);
      this.#pipeline = pipeline;
      if (!bound) this.#pass.setBindGroup(0, this.group, this.dynamicOffset, 0, 1);
      bound = true;
      this.#pass.dispatchWorkgroups(x, y, z);
      this.dispatches++;
      this.#work += work;
    }
  }

  end(): void {
    this.#pass.end();
    this.device.queue.submit([this.#encoder.finish()]);
    this.budget.submitted(this.#work);
    this.submits++;
  }

  #next(): void {
    this.end();
    this.#encoder = this.device.createCommandEncoder();
    this.#pass = this.#encoder.beginComputePass();
    this.#pipeline = null;
    this.#work = 0;
  }
}
