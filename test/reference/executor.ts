/**
 * The oracle: an executor in float64 whose ops are plain loops over the equations of docs/math. It keeps the contract
 * of core/executor.ts and exists to be right, so calls are resolved anew at each replay and every access is checked.
 */
import { AdaptiveError } from '../../core/errors.js';
import type { Executor, Runner, Team, Values } from '../../core/executor.js';
import { ops, type OpName, type OpRow, type ViewRole } from '../../core/ops.js';
import { elementsAt, sizeAt, type BufferSpec, type Call, type Program, type View } from '../../core/program.js';
import { areScalars, areSizes, areTensors, type Tensor } from './kernel.js';
import { kernels } from './kernels.js';
import { Ids, Matrix, Vector } from './tensors.js';

type Buffer = Float64Array | Int32Array;

export function createReferenceExecutor(): Executor {
  return new ReferenceExecutor();
}

function allocate({ type, length }: BufferSpec): Buffer {
  return type === 'f32' ? new Float64Array(length) : new Int32Array(length);
}

class ReferenceExecutor implements Executor {
  readonly backend = 'reference';
  readonly threads = 1;
  readonly usualThreads = 1;
  readonly queues = false;
  readonly #shared = new Map<string, { readonly spec: BufferSpec; readonly buffer: Buffer }>();
  readonly #runners = new Set<ReferenceRunner>();
  #destroyed = false;

  get bytes(): number {
    const shared = [...this.#shared.values()].map(({ buffer }) => buffer);
    const local = [...this.#runners].flatMap((runner) => runner.localBuffers);
    return [...shared, ...local].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  async load(program: Program): Promise<Runner> {
    if (this.#destroyed) throw new AdaptiveError('destroyed', 'This executor was destroyed.');
    const buffers = program.buffers.map((spec) => (spec.scope === 'shared' ? this.#share(spec) : allocate(spec)));
    const runner = new ReferenceRunner(program, buffers, () => this.#runners.delete(runner));
    this.#runners.add(runner);
    return runner;
  }

  async loadTeam(programs: readonly Program[]): Promise<Team> {
    const runners: Runner[] = [];
    for (const program of programs) runners.push(await this.load(program));
    return {
      runners,
      run: async (steps) => runners.forEach((runner) => runner.run(steps)),
      unload: () => runners.forEach((runner) => runner.unload()),
    };
  }

  destroy(): void {
    this.#destroyed = true;
    for (const runner of this.#runners) runner.unload();
    this.#shared.clear();
  }

  #share(spec: BufferSpec): Buffer {
    const known = this.#shared.get(spec.name);
    if (!known) {
      const buffer = allocate(spec);
      this.#shared.set(spec.name, { spec, buffer });
      return buffer;
    }
    const { length, type } = known.spec;
    if (length === spec.length && type === spec.type) return known.buffer;
    const expected = `expected ${length} ${type}, got ${spec.length} ${spec.type}`;
    throw new AdaptiveError('program', `Shared buffer ${spec.name}: ${expected}.`);
  }
}

class ReferenceRunner implements Runner {
  #loaded = true;

  constructor(
    readonly program: Program,
    readonly buffers: readonly Buffer[],
    readonly forget: () => void,
  ) {}

  get localBuffers(): Buffer[] {
    return this.buffers.filter((_, index) => this.program.buffers[index]?.scope === 'local');
  }

  run(steps: number): void {
    this.#check();
    const { name, maxSteps, body } = this.program;
    if (!Number.isInteger(steps) || steps < 1 || steps > maxSteps) {
      throw new AdaptiveError('program', `${name}: expected 1 to ${maxSteps} steps, got ${steps}.`);
    }
    for (const statement of body) {
      if (statement.kind === 'call') {
        this.#call(statement.op, statement, steps, steps);
      } else if (statement.direction === 'forward') {
        for (let t = 0; t < steps; t++) for (const call of statement.body) this.#call(call.op, call, t, steps);
      } else {
        for (let t = steps - 1; t >= 0; t--) for (const call of statement.body) this.#call(call.op, call, t, steps);
      }
    }
  }

  write(port: string, values: Values): void {
    this.#open(port, values.length).set(values);
  }

  /** Weights are always read as they lie. */
  refresh(): void {
    this.#check();
  }

  async read<T extends Values>(port: string, into: T): Promise<T> {
    into.set(this.#open(port, into.length));
    return into;
  }

  unload(): void {
    this.#loaded = false;
    this.forget();
  }

  /** Runs a call at step t of a replay of `steps` steps. */
  #call<N extends OpName>(op: N, { views, sizes, scalars }: Call, t: number, steps: number): void {
    const row: OpRow = ops[op];
    const tensors = named(
      Object.keys(row.views),
      Object.values(row.views).map((role, i) => this.#tensor(views[i], role, t)),
    );
    const counts = named(
      row.sizes,
      sizes.map((size) => sizeAt(size, steps)),
    );
    const numbers = named(row.scalars, scalars);
    if (!areTensors(op, tensors) || !areSizes(op, counts) || !areScalars(op, numbers)) {
      throw new AdaptiveError('program', `${this.program.name}: a call of ${op} does not fit its row.`);
    }
    kernels[op](tensors, counts, numbers);
  }

  /** What a view names at step t: the element `offset + t · stride` and those after it. */
  #tensor(view: View | null | undefined, role: ViewRole, t: number): Tensor {
    if (!view) return null;
    const buffer = this.buffers[view.buffer];
    const offset = view.offset + t * view.stride;
    if (buffer instanceof Int32Array) return new Ids(buffer, offset);
    if (!buffer) throw new AdaptiveError('program', `${this.program.name} has no buffer ${view.buffer}.`);
    return role.includes('matrix') ? new Matrix(buffer, offset, view.ld) : new Vector(buffer, offset);
  }

  /** The memory of the first `length` elements of a port. */
  #open(name: string, length: number): Buffer {
    this.#check();
    const port = this.program.ports.get(name);
    const buffer = port && this.buffers[port.view.buffer];
    if (!buffer) throw new AdaptiveError('program', `${this.program.name} has no port ${name}.`);
    const capacity = elementsAt(port.shape, this.program.maxSteps);
    if (length > capacity) {
      throw new AdaptiveError('program', `Port ${name} of ${this.program.name} holds ${capacity}, got ${length}.`);
    }
    return buffer.subarray(port.view.offset, port.view.offset + length);
  }

  #check(): void {
    if (!this.#loaded) throw new AdaptiveError('destroyed', `${this.program.name} was unloaded.`);
  }
}

function named<T>(names: readonly string[], values: readonly T[]): Readonly<Record<string, T | undefined>> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}
