/**
 * A Program is a model written down once: kernel calls over numbered buffers, in a straight line, with scan
 * blocks for time. An executor replays it without shape arithmetic, allocation or graph walking.
 *
 * Time. A Program is made for at most `maxSteps` steps and replayed for any `steps` from 1 to that. A view inside
 * a scan advances by `stride` elements a step: its offset at step t is `offset + t · stride`. Outside a scan t is
 * the number of steps of this replay, so a view with a stride names what stands after the last step.
 * A size `{ perStep: n }` is n · steps.
 */
import { AdaptiveError } from './errors.js';
import { ops, type OpName, type OpRow, type ViewRole } from './ops.js';

export type Size = number | { readonly perStep: number };

export type ElementType = 'f32' | 'i32';

/**
 * `shared` buffers are known by name: every Program loaded into one executor sees the same memory
 * (parameters, gradients, optimizer moments). `local` ones are the Program's own, zero at load.
 */
export interface BufferSpec {
  readonly name: string;
  readonly scope: 'shared' | 'local';
  readonly type: ElementType;
  /** Elements, for `maxSteps` steps. */
  readonly length: number;
}

/** A place in a buffer, in elements. `ld` is the distance from one row to the next; 0 for vectors. */
export interface View {
  readonly buffer: number;
  readonly offset: number;
  readonly stride: number;
  readonly ld: number;
}

export interface Call {
  readonly kind: 'call';
  readonly op: OpName;
  /** In the order of the op's row; null where an optional view is left out. */
  readonly views: readonly (View | null)[];
  readonly sizes: readonly Size[];
  readonly scalars: readonly number[];
}

export interface Scan {
  readonly kind: 'scan';
  /** 'forward': t = 0 … steps − 1; 'backward': t = steps − 1 … 0. */
  readonly direction: 'forward' | 'backward';
  readonly body: readonly Call[];
}

export type Statement = Call | Scan;

/** A named, contiguous place that the outside may read or write, such as `ids`, `loss`, `state.0.h`. */
export interface Port {
  readonly view: View;
  readonly type: ElementType;
  /** Row-major shape; its product is the port's length. */
  readonly shape: readonly Size[];
}

export interface Program {
  readonly name: string;
  readonly maxSteps: number;
  readonly buffers: readonly BufferSpec[];
  readonly body: readonly Statement[];
  readonly ports: ReadonlyMap<string, Port>;
}

/** The number that a size stands for in a replay of `steps` steps. */
export function sizeAt(size: Size, steps: number): number {
  return typeof size === 'number' ? size : size.perStep * steps;
}

/** Elements of a shape in a replay of `steps` steps. */
export function elementsAt(shape: readonly Size[], steps: number): number {
  return shape.reduce<number>((product, size) => product * sizeAt(size, steps), 1);
}

type OptionalName<V> = { [K in keyof V]: V[K] extends `${string}?` ? K : never }[keyof V];

/** The views that a call of op N takes: every name of its row, optional ones possibly null. */
export type CallViews<N extends OpName> = {
  readonly [K in Exclude<keyof (typeof ops)[N]['views'], OptionalName<(typeof ops)[N]['views']>>]: View;
} & {
  readonly [K in OptionalName<(typeof ops)[N]['views']>]: View | null;
};

export type CallSizes<N extends OpName> = Readonly<Record<(typeof ops)[N]['sizes'][number], Size>>;
export type CallScalars<N extends OpName> = Readonly<Record<(typeof ops)[N]['scalars'][number], number>>;

/** Anything that calls can be written into: a Program's body, or a scan's. */
export interface Writer {
  call<N extends OpName>(
    op: N,
    views: CallViews<N>,
    sizes: CallSizes<N>,
    ...scalars: (typeof ops)[N]['scalars'] extends readonly [] ? [] : [CallScalars<N>]
  ): void;
}

/** Moves a view by whole elements, for columns of a matrix or slices of a vector. */
export function shifted(view: View, elements: number): View {
  return { ...view, offset: view.offset + elements };
}

/**
 * A tensor stacked over time: slots of [rows, width]. Slot views are made for use inside a scan, where `at(k)` is
 * slot t + k; outside a scan t is the number of steps, so `at(0)` is the slot after the last step.
 * `all(k)` starts at slot k and spans the rest as one tall matrix. A stack that keeps nothing has one slot for all t.
 */
export class Stack {
  constructor(
    readonly buffer: number,
    readonly rows: number,
    readonly width: number,
    readonly kept = true,
  ) {}

  at(shift = 0): View {
    const slot = this.kept ? this.rows * this.width : 0;
    return { buffer: this.buffer, offset: shift * slot, stride: slot, ld: this.width };
  }

  all(first = 0): View {
    return { buffer: this.buffer, offset: first * this.rows * this.width, stride: 0, ld: this.width };
  }
}

/** Writes a Program. Layers call it; it checks every call against the op table. */
export class ProgramBuilder implements Writer {
  readonly #buffers: BufferSpec[] = [];
  readonly #body: Statement[] = [];
  readonly #ports = new Map<string, Port>();

  constructor(
    readonly name: string,
    readonly maxSteps: number,
  ) {}

  /** A buffer of `length` elements (f32 and local unless told). Returns its number. */
  buffer(
    name: string,
    length: number,
    { scope = 'local', type = 'f32' }: Partial<Pick<BufferSpec, 'scope' | 'type'>> = {},
  ): number {
    if (this.#buffers.some((buffer) => buffer.name === name)) {
      throw new AdaptiveError('program', `Program ${this.name} has two buffers named ${name}.`);
    }
    this.#buffers.push({ name, scope, type, length });
    return this.#buffers.length - 1;
  }

  /** A buffer that is one [rows, width] matrix. */
  matrix(name: string, rows: number, width: number, type: ElementType = 'f32'): View {
    return { buffer: this.buffer(name, rows * width, { type }), offset: 0, stride: 0, ld: width };
  }

  /** A buffer with one [rows, width] slot per step, and `extra` more (1: slot 0 holds what was before). */
  stack(name: string, rows: number, width: number, extra = 0): Stack {
    return new Stack(this.buffer(name, (this.maxSteps + extra) * rows * width), rows, width);
  }

  /** Like `stack`, but where `kept` is false each step overwrites the one before. */
  scratch(name: string, rows: number, width: number, kept: boolean): Stack {
    const slots = kept ? this.maxSteps : 1;
    return new Stack(this.buffer(name, slots * rows * width), rows, width, kept);
  }

  call: Writer['call'] = (op, views, sizes, ...scalars) => {
    this.#body.push(this.#makeCall(op, views, sizes, scalars[0] ?? {}));
  };

  /** Writes a scan; `write` receives the writer of its body. */
  scan(direction: Scan['direction'], write: (body: Writer) => void): void {
    const body: Call[] = [];
    write({
      call: (op, views, sizes, ...scalars) => {
        body.push(this.#makeCall(op, views, sizes, scalars[0] ?? {}));
      },
    });
    this.#body.push({ kind: 'scan', direction, body });
  }

  /** Opens a named place to the outside. */
  port(name: string, view: View, shape: readonly Size[]): void {
    const buffer = this.#buffers[view.buffer];
    if (!buffer || this.#ports.has(name)) {
      throw new AdaptiveError('program', `Program ${this.name} cannot open port ${name}.`);
    }
    this.#ports.set(name, { view, type: buffer.type, shape });
  }

  build(): Program {
    return {
      name: this.name,
      maxSteps: this.maxSteps,
      buffers: [...this.#buffers],
      body: [...this.#body],
      ports: new Map(this.#ports),
    };
  }

  #makeCall(
    name: OpName,
    views: Readonly<Record<string, View | null>>,
    sizes: Readonly<Record<string, Size>>,
    scalars: Readonly<Record<string, number>>,
  ): Call {
    const row: OpRow = ops[name];
    return {
      kind: 'call',
      op: name,
      views: Object.entries(row.views).map(([key, role]) => this.#checkView(`${name}.${key}`, views[key], role)),
      sizes: row.sizes.map((key) => this.#checkSize(`${name}.${key}`, sizes[key])),
      scalars: row.scalars.map((key) => scalars[key] ?? NaN),
    };
  }

  #checkView(where: string, view: View | null | undefined, role: ViewRole): View | null {
    if (view === undefined || (view === null && !role.endsWith('?'))) {
      throw new AdaptiveError('program', `${where}: expected a view, got none (Program ${this.name}).`);
    }
    if (view === null) return null;
    const buffer = this.#buffers[view.buffer];
    if (!buffer) throw new AdaptiveError('program', `${where}: no buffer ${view.buffer}.`);
    const type = role.includes('ids') ? 'i32' : 'f32';
    if (buffer.type !== type) {
      throw new AdaptiveError('program', `${where}: expected ${type}, got ${buffer.type} ${buffer.name}.`);
    }
    return view;
  }

  #checkSize(where: string, size: Size | undefined): Size {
    const count = size === undefined ? NaN : sizeAt(size, 1);
    if (size === undefined || !Number.isInteger(count) || count < 0) {
      throw new AdaptiveError('program', `${where}: expected a whole number, got ${count}.`);
    }
    return size;
  }
}
