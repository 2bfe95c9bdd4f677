/**
 * Random Programs over a few small buffers, and the plain truth about them: every step of every replay walked through,
 * element by element.
 */
import fc from 'fast-check';
import { reachOf } from '../../core/op-reach.js';
import {
  ProgramBuilder,
  sizeAt,
  type Call,
  type Program,
  type Size,
  type View,
  type Writer,
} from '../../core/program.js';

export const maxSteps = 4;
/** Every buffer is a stack of slots of two rows of three, with slots to spare at both ends. */
const [rows, width] = [2, 3];
const slot = rows * width;
const slots = maxSteps + 3;
const buffers = 4;

/** How a call reaches its buffer: at the step's slot, at all, after the scan, or wherever. */
interface Use {
  readonly buffer: number;
  readonly way: 'step' | 'all' | 'fixed' | 'odd';
  readonly shift: number;
  readonly part: 'whole' | 'left' | 'right';
}

interface Step {
  readonly kind: 'fill' | 'copy' | 'add' | 'product' | 'accumulate';
  readonly from: Use;
  readonly to: Use;
}

const use: fc.Arbitrary<Use> = fc.record({
  buffer: fc.nat(buffers - 1),
  // Mostly what Programs do, so that many of them are in order.
  way: fc.constantFrom('step', 'step', 'step', 'all', 'all', 'all', 'fixed', 'odd'),
  shift: fc.constantFrom(0, 0, 0, 0, 1),
  part: fc.constantFrom('whole', 'whole', 'whole', 'left', 'right'),
});

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('fill', 'fill', 'copy', 'copy', 'add', 'product', 'accumulate'),
  from: use,
  to: use,
});

const statement = fc.oneof(
  step.map((only) => ({ direction: null, steps: [only] })),
  fc.record({
    direction: fc.constantFrom('forward' as const, 'backward' as const),
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  }),
);

export const anyProgram: fc.Arbitrary<Program> = fc
  .array(statement, { minLength: 1, maxLength: 7 })
  .map((statements) => {
    const builder = new ProgramBuilder('any', maxSteps);
    for (let i = 0; i < buffers; i++) builder.stack(`buffer ${i}`, rows, width, slots - maxSteps);
    for (const { direction, steps } of statements) {
      if (direction === null) for (const each of steps) write(builder, each, false);
      else builder.scan(direction, (scan) => steps.forEach((each) => write(scan, each, true)));
    }
    return builder.build();
  });

interface Placed {
  readonly view: View;
  readonly rows: Size;
}

function place({ buffer, way, shift, part }: Use): Placed {
  const view = { buffer, offset: shift * slot + (part === 'right' ? 1 : 0), stride: 0, ld: width };
  // Steps that overlap, and slots of another length.
  if (way === 'odd') return { view: { ...view, offset: 1 + 2 * shift, stride: 2 }, rows: 1 };
  return { view: { ...view, stride: way === 'step' ? slot : 0 }, rows: way === 'all' ? { perStep: rows } : rows };
}

function write(writer: Writer, { kind, from, to }: Step, inScan: boolean): void {
  // Outside of a scan a step's slot is the one after the last step; the last is more to the point.
  const within = (wanted: Use) => (inScan || wanted.way !== 'step' ? wanted : { ...wanted, shift: wanted.shift - 1 });
  const [x, y] = [place(within(from)).view, place(within(to))];
  const [m, n] = [y.rows, from.part === 'whole' && to.part === 'whole' ? width : width - 1];
  const vector = (length: number) => (typeof m === 'number' ? length : { perStep: length });
  if (kind === 'fill') {
    const whole = place(within({ ...to, part: 'whole' })).view;
    writer.call('fill', { x: whole }, { n: vector(slot) }, { value: 0 });
  } else if (kind === 'copy') {
    writer.call('copy', { x, y: y.view }, { m, n });
  } else if (kind === 'add') {
    writer.call('add', { x, y: y.view }, { n: vector(n) });
  } else {
    const accumulate = kind === 'accumulate' ? 1 : 0;
    writer.call('productNN', { a: x, b: { ...x, stride: 0 }, c: y.view }, { m, n, k: 2, accumulate });
  }
}

/** Elements of a buffer that a call reads and writes at step t of a replay. */
function* touches(call: Call, t: number, steps: number) {
  for (const [i, reach] of reachOf(call).entries()) {
    const view = call.views[i];
    if (!reach?.piece || !view) continue;
    const { reads, writes, piece } = reach;
    const elements: number[] = [];
    for (let row = 0; row < sizeAt(piece.rows, steps); row++) {
      for (let column = 0; column < sizeAt(piece.columns, steps); column++) {
        elements.push(view.offset + t * view.stride + row * view.ld + column);
      }
    }
    yield { buffer: view.buffer, reads, writes, elements };
  }
}

export interface Truth {
  /** Statements that touch the buffer. */
  readonly touched: ReadonlySet<number>;
  /** Whether a replay reads of it what it has not written before. */
  readonly needsPast: boolean;
}

export function truthOf(program: Program): Truth[] {
  const truths = program.buffers.map(() => ({ touched: new Set<number>(), needsPast: false }));
  for (let steps = 1; steps <= program.maxSteps; steps++) {
    const written = program.buffers.map(() => new Set<number>());
    program.body.forEach((statement, at) => {
      const forward = Array.from({ length: steps }, (_, t) => t);
      const calls: (readonly [call: Call, t: number])[] =
        statement.kind === 'call'
          ? [[statement, steps]]
          : (statement.direction === 'forward' ? forward : forward.reverse()).flatMap((t) =>
              statement.body.map((call): [Call, number] => [call, t]),
            );
      for (const [call, t] of calls) {
        const reached = [...touches(call, t, steps)];
        for (const { buffer, reads, elements } of reached) {
          const truth = truths[buffer];
          if (!truth) continue;
          truth.touched.add(at);
          if (reads && elements.some((element) => !written[buffer]?.has(element))) truth.needsPast = true;
        }
        for (const { buffer, writes, elements } of reached) {
          if (writes) for (const element of elements) written[buffer]?.add(element);
        }
      }
    });
  }
  return truths;
}
