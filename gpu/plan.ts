/**
 * A Program made ready to be encoded: for every call its pipelines, its records and its workgroups. Only what depends on
 * the number of steps is done anew when that changes.
 */
import { ops, type OpRow } from '../core/ops.js';
import type { Call, Program, Scan } from '../core/program.js';
import { kernelTable, type Has, type Stage } from './kernel-table.js';
import type { Pipelines } from './pipelines.js';
import {
  constantsOf,
  dependsOnSteps,
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
  x: number;
  y: number;
  /** Multiplications with an addition each, about. */
  work: number;
}

export interface PlannedCall {
  readonly call: Call;
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
      const [x, y = 1] = planned.stage.groups(sizes, has);
      planned.x = x;
      planned.y = y;
      planned.work = planned.stage.work?.(sizes) ?? 0;
    }
  }
}

/** Words of scratch that a call needs in the Program's own arena. */
export function scratchOf(call: Call): number {
  return kernelTable[call.op].scratch ?? 0;
}

/** Calls of a Program, straight ones first. */
export function* callsOf({ body }: Program): Generator<Call> {
  for (const statement of body) if (statement.kind === 'call') yield statement;
  for (const statement of body) if (statement.kind === 'scan') yield* statement.body;
}

/** Makes all pipelines, side by side. `scratch` says where each call's own memory begins. */
export async function planProgram(
  program: Program,
  placements: readonly Placement[],
  scratch: ReadonlyMap<Call, number>,
  pipelines: Pipelines,
): Promise<Plan> {
  const straight = program.body.filter(({ kind }) => kind === 'call').length;
  let records = 0;
  const planned = new Map<Call, Promise<PlannedCall>>();
  for (const call of callsOf(program)) {
    const count = records < straight ? 1 : program.maxSteps;
    planned.set(call, planCall(call, records, count, placements, scratch.get(call) ?? null, pipelines));
    records += count;
  }
  const resolve = (calls: readonly Call[]) => Promise.all(calls.flatMap((call) => planned.get(call) ?? []));
  // In the order of the Program; waiting for all at once, so that no rejection is left alone.
  const blocks = await Promise.all(
    program.body.map(async (statement): Promise<PlannedBlock> => {
      if (statement.kind === 'call') return { direction: 'once', calls: await resolve([statement]) };
      return { direction: statement.direction, calls: await resolve(statement.body) };
    }),
  );
  return new Plan(program, blocks, placements, straight, records);
}

async function planCall(
  call: Call,
  record: number,
  records: number,
  placements: readonly Placement[],
  scratch: number | null,
  pipelines: Pipelines,
): Promise<PlannedCall> {
  const row: OpRow = ops[call.op];
  const present = new Set(Object.keys(row.views).filter((_, i) => call.views[i]));
  const has: Has = (view) => present.has(view);
  const constants = constantsOf(call, placements, scratch !== null);
  const stages = kernelTable[call.op].stages
    .filter(({ when }) => when?.(has) ?? true)
    .map(async (stage): Promise<PlannedStage> => {
      const pipeline = await pipelines.get(row.file, stage.entry, constants);
      return { stage, pipeline, x: 0, y: 0, work: 0 };
    });
  return { call, has, scratch, record, records, stages: await Promise.all(stages) };
}
