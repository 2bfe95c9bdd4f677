/**
 * Lays the operands of a call into two buffers, one of float32 and one of int32, with guards around them and between
 * their rows, so that whatever a kernel touches beside its operands shows. Guards, and operands whose content an op
 * must not look at, are NaN, each with bits of its own.
 */
import type { Executor } from '../../core/executor.js';
import { ops, type OpName, type OpRow } from '../../core/ops.js';
import type { Call, Port, Program, Scan, Size, View } from '../../core/program.js';
import { Random } from '../../core/random.js';
import type { AnyOpCase, Operand } from './op-case.js';

/** Where a call stands and how its operands lie. */
export interface Layout {
  readonly seed: number;
  readonly place: 'straight' | Scan['direction'];
  readonly steps: number;
  readonly maxSteps: number;
  /** Whether all operands, their rows and their steps begin at multiples of four. */
  readonly inFours?: boolean;
}

/** An operand in its buffer, and the elements that the call reaches in all steps. */
interface Placed {
  readonly name: string;
  readonly operand: Operand;
  readonly memory: 'numbers' | 'integers';
  readonly view: View;
  readonly reached: readonly number[];
}

interface Memory<T> {
  readonly numbers: T;
  readonly integers: Int32Array;
}

export interface Setup {
  readonly program: Program;
  readonly initial: Memory<Float32Array>;
  /** Operands that the op may change. */
  readonly written: readonly Placed[];
}

const bufferOf = { numbers: 0, integers: 1 } as const;
/** More than a vector of four, and no multiple of it. */
const guard = 7;

export function setUp(op: OpName, { operands, sizes, scalars }: AnyOpCase, layout: Layout): Setup {
  const row: OpRow = ops[op];
  const random = new Random(layout.seed, 2);
  const ends = { numbers: guard, integers: guard };
  const placed = new Map<string, Placed>();
  for (const [name, role] of Object.entries(row.views)) {
    const operand = operands[name];
    if (operand === undefined) throw new TypeError(`${op}: no operand ${name}`);
    if (operand === null || typeof operand === 'string') continue;
    const memory = role.includes('ids') ? 'integers' : 'numbers';
    const view = lay(operand, role.includes('matrix'), bufferOf[memory], ends[memory], random, layout);
    const reached = elements(operand, view, layout);
    ends[memory] = endOf(operand, view, layout) + guard;
    placed.set(name, { name, operand, memory, view, reached });
  }
  const placeOf = (name: string): Placed | null => {
    const operand = operands[name];
    return placed.get(typeof operand === 'string' ? operand : name) ?? null;
  };
  const call: Call = {
    kind: 'call',
    op,
    views: Object.keys(row.views).map((name) => placeOf(name)?.view ?? null),
    sizes: row.sizes.map((name) => sizeIn(sizes[name] ?? NaN, layout, random)),
    scalars: row.scalars.map((name) => scalars[name] ?? NaN),
  };
  return {
    program: programOf(call, layout, ends),
    initial: fill([...placed.values()], ends, random),
    written: Object.entries(row.views).flatMap(([name, role]) => {
      const place = role.startsWith('read') ? null : placeOf(name);
      return place ? [{ ...place, name }] : [];
    }),
  };
}

/** A view after `end`, its rows and its steps as far apart as chance has it, or in fours. */
function lay(
  operand: Operand,
  isMatrix: boolean,
  buffer: number,
  end: number,
  random: Random,
  { inFours }: Layout,
): View {
  const beyond = (least: number) => {
    const words = least + Math.floor(4 * random.next());
    return inFours ? 4 * Math.ceil(words / 4) : words;
  };
  const ld = isMatrix && !operand.oneRow ? beyond(operand.columns) : 0;
  const slot = operand.rows * Math.max(ld, operand.columns);
  const stride = random.next() < 0.6 ? beyond(slot) : 0;
  return { buffer, offset: beyond(end), stride, ld };
}

/** Outside a scan a view stands at the slot after the last step. */
function stepsReached({ place, steps }: Layout): number[] {
  return place === 'straight' ? [steps] : Array.from({ length: steps }, (_, t) => t);
}

function elements({ rows, columns }: Operand, { offset, stride, ld }: View, layout: Layout): number[] {
  const found = new Set<number>();
  for (const t of stepsReached(layout)) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) found.add(offset + t * stride + row * ld + column);
    }
  }
  return [...found];
}

/** The end of the last slot that a replay of `maxSteps` steps would reach. */
function endOf({ rows, columns }: Operand, { offset, stride, ld }: View, { maxSteps }: Layout): number {
  return offset + maxSteps * stride + rows * Math.max(ld, columns);
}

/** The size as it is, or as so much a step where it can be. */
function sizeIn(size: number, { steps }: Layout, random: Random): Size {
  return size % steps === 0 && random.next() < 0.5 ? { perStep: size / steps } : size;
}

function programOf(call: Call, { place, maxSteps }: Layout, ends: Record<keyof typeof bufferOf, number>): Program {
  const port = (buffer: number, type: Port['type'], length: number): Port => {
    return { view: { buffer, offset: 0, stride: 0, ld: 0 }, type, shape: [length] };
  };
  return {
    name: call.op,
    maxSteps,
    buffers: [
      { name: 'numbers', scope: 'local', type: 'f32', length: ends.numbers },
      { name: 'integers', scope: 'local', type: 'i32', length: ends.integers },
    ],
    body: [place === 'straight' ? call : { kind: 'scan', direction: place, body: [call] }],
    ports: new Map([
      ['numbers', port(bufferOf.numbers, 'f32', ends.numbers)],
      ['integers', port(bufferOf.integers, 'i32', ends.integers)],
    ]),
  };
}

function fill(
  placed: readonly Placed[],
  ends: Record<keyof typeof bufferOf, number>,
  random: Random,
): Memory<Float32Array> {
  // As float32 these are quiet NaNs, as ids they are out of range.
  const guards = (length: number) => Int32Array.from({ length }, (_, i) => 0x7fc00000 | (i & 0xffff));
  const initial = { numbers: new Float32Array(guards(ends.numbers).buffer), integers: guards(ends.integers) };
  for (const { operand, memory, reached } of placed) {
    const { draw, rows, columns } = operand;
    if (draw) reached.forEach((at, i) => (initial[memory][at] = draw(random, i % (rows * columns))));
  }
  return initial;
}

/** Memory after a replay; `numbers` says in what precision it is read. */
export async function replay<T extends Float32Array | Float64Array>(
  { program, initial }: Setup,
  { steps }: Layout,
  executor: Executor,
  numbers: T,
): Promise<Memory<T>> {
  const runner = await executor.load(program);
  try {
    runner.write('numbers', initial.numbers);
    runner.write('integers', initial.integers);
    runner.run(steps);
    return {
      numbers: await runner.read('numbers', numbers),
      integers: await runner.read('integers', new Int32Array(initial.integers.length)),
    };
  } finally {
    runner.unload();
  }
}

/** Elements that changed though no operand that may be written reaches them. */
export function strayWrites({ initial, written }: Setup, got: Memory<Float32Array>): string[] {
  const bits = ({ numbers, integers }: Memory<Float32Array>) => ({ numbers: new Int32Array(numbers.buffer), integers });
  const [before, after] = [bits(initial), bits(got)];
  return (['numbers', 'integers'] as const).flatMap((memory) => {
    const allowed = new Set(written.flatMap((place) => (place.memory === memory ? place.reached : [])));
    const stray = [...before[memory].keys()].filter((i) => before[memory][i] !== after[memory][i] && !allowed.has(i));
    return stray.map((i) => `${memory}[${i}]`);
  });
}

/** For each operand that is written: its largest difference, over its largest magnitude or `magnitude`. */
export function differences(
  { written }: Setup,
  got: Memory<Float32Array>,
  expected: Memory<Float64Array>,
  magnitude: number,
): { readonly name: string; readonly error: number }[] {
  return written.flatMap(({ name, operand, memory, reached }) => {
    if (operand.scratch) return [];
    const [actual, wanted] = [got[memory], expected[memory]];
    const largest = reached.reduce((most, at) => Math.max(most, Math.abs(wanted[at] ?? NaN)), magnitude);
    const distance = reached.reduce((most, at) => Math.max(most, Math.abs((actual[at] ?? NaN) - (wanted[at] ?? NaN))), 0);
    return [{ name, error: distance === 0 ? 0 : distance / largest }];
  });
}
