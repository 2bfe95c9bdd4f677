/**
 * A Program made ready to be encoded: for every call its pipelines, its records and its workgroups. Only what depends on
 * the number of steps is done anew when that changes.
 */
import type { Tenant } from '../core/memory-plan.js';
import type { Program, Scan, Statement } from '../core/program.js';
import { kernelCalls, type KernelCall } from './kernel-call.js';
import type { Constants, Has, Stage } from './kernel-table.js';
import type { KernelStyle } from './device.js';
import type { Pipelines } from './pipelines.js';
import {
  constantsOf,
  dependsOnSteps,
  isAligned,
  makeWords,
  recordWords,
  sizesOf,
  writeRecord,
  type Placement,
  type Words,
} from './record.js';

/** One dispatch of a call. */
export interface PlannedStage {
  readonly stage: Stage;
  readonly pipeline: GPUComputePipeline;
  readonly constants: Constants;
  x: number;
  y: number;
  z: number;
  /** Multiplications with an addition each, about. */
  work: number;
}

export interface PlannedCall {
  readonly call: KernelCall;
  readonly has: Has;
  readonly scratch: number | null;
  /** The record of step 0; those of other steps follow. */
  readonly record: number;
  readonly records: number;
  readonly stages: readonly PlannedStage[];
}

export interface PlannedBlock {
  readonly direction: 'once' | Scan['direction'];
  readonly calls: readonly PlannedCall[];
}

/** Records that were written: the first `count`. */
type Written = number;

export class Plan {
  readonly records: Words;
  #steps = 0;

  constructor(
    readonly program: Program,
    readonly blocks: readonly PlannedBlock[],
    readonly placements: readonly Placement[],
    /** Records of straight calls come before all others. */
    readonly straight: number,
    total: number,
  ) {
    this.records = makeWords(Math.max(total, 1) * recordWords);
  }

  /** Makes records and workgroups those of `steps` steps, and says how many records have to be sent. */
  prepare(steps: number): Written {
    if (steps === this.#steps) return 0;
    const first = this.#steps === 0;
    this.#steps = steps;
    let written = this.straight;
    for (const { direction, calls } of this.blocks) {
      for (const planned of calls) {
        const changes = dependsOnSteps(planned.call);
        if (changes || first) this.#count(planned, steps);
        if (direction === 'once') this.#write(planned, 0, steps, steps);
        else if (changes || first) {
          for (let t = 0; t < planned.records; t++) this.#write(planned, t, t, steps);
          written = this.records.integers.length / recordWords;
        }
      }
    }
    return written;
  }

  #write({ call, record, scratch }: PlannedCall, index: number, t: number, steps: number): void {
    writeRecord(this.records, record + index, call, this.placements, scratch, t, steps);
  }

  #count({ call, has, stages }: PlannedCall, steps: number): void {
    const sizes = sizesOf(call, steps);
    for (const planned of stages) {
      const [x, y = 1, z = 1] = planned.stage.groups(sizes, has, planned.constants);
      planned.x = x;
      planned.y = y;
      planned.z = z;
      planned.work = planned.stage.work?.(sizes) ?? 0;
    }
  }
}

/** What the kernels of a Program need beside its buffers, each call for itself, in the order of the calls. */
export function scratchTenants(program: Program, style: KernelStyle): Tenant[] {
  return program.body.flatMap((statement, at) =>
    kernelCalls(statement.kind === 'call' ? [statement] : statement.body, style).flatMap((call) => {
      const words = scratchWords(call, program);
      return words === null ? [] : [{ first: at, last: at, words }];
    }),
  );
}

function scratchWords(call: KernelCall, { maxSteps }: Program): number | null {
  return call.row.scratch?.(sizesOf(call, maxSteps)) ?? null;
}

/** Makes all pipelines, side by side. `scratch` is where each of `scratchTenants` begins, in words of the own arena. */
export async function planProgram(
  program: Program,
  placements: readonly Placement[],
  scratch: readonly number[],
  pipelines: Pipelines,
  style: KernelStyle,
): Promise<Plan> {
  const straight = program.body.filter(({ kind }) => kind === 'call').length;
  let [ofStraight, ofScans] = [0, straight];
  const places = scratch.values();
  const plan = (statement: Statement): Promise<PlannedCall>[] => {
    const isCall = statement.kind === 'call';
    const records = isCall ? 1 : program.maxSteps;
    return kernelCalls(isCall ? [statement] : statement.body, style).map((call) => {
      const record = isCall ? ofStraight : ofScans;
      if (isCall) ofStraight += records;
      else ofScans += records;
      const place = scratchWords(call, program) === null ? null : (places.next().value ?? 0);
      return planCall(call, program.maxSteps, record, records, placements, place, pipelines);
    });
  };
  // All are begun before any is waited for.
  const blocks = await Promise.all(
    program.body.map(async (statement): Promise<PlannedBlock> => {
      const direction = statement.kind === 'call' ? 'once' : statement.direction;
      return { direction, calls: await Promise.all(plan(statement)) };
    }),
  );
  return new Plan(program, blocks, placements, straight, ofScans);
}

async function planCall(
  call: KernelCall,
  maxSteps: number,
  record: number,
  records: number,
  placements: readonly Placement[],
  scratch: number | null,
  pipelines: Pipelines,
): Promise<PlannedCall> {
  const present = new Set(call.views.flatMap(([name, view]) => (view ? [name] : [])));
  const has: Has = (view) => present.has(view);
  const ofViews = constantsOf(call, placements);
  const sizes = sizesOf(call, maxSteps);
  const aligned = (...depths: readonly string[]) => isAligned(call, placements, depths);
  const stages = call.row.stages
    .filter(({ when }) => when?.(has, sizes) ?? true)
    .map(async (stage): Promise<PlannedStage> => {
      const constants = { ...ofViews, ...stage.constants?.(sizes, aligned) };
      const pipeline = await pipelines.get(call.file, stage, constants);
      return { stage, pipeline, constants, x: 0, y: 0, z: 0, work: 0 };
    });
  return { call, has, scratch, record, records, stages: await Promise.all(stages) };
}
