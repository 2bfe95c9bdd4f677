/**
 * What a call reaches through its views: how large a piece of the buffer, in the sizes of the call, and whether the kernel
 * looks at what lies there. Who decides where buffers lie has to know. test/core/op-reach.test.ts holds the table
 * against the cases that every kernel is tested on.
 */
import { ops, type OpName } from './ops.js';
import { sizeAt, type Call, type Size } from './program.js';

type SizeName<N extends OpName> = (typeof ops)[N]['sizes'][number];
type Extent<N extends OpName> = number | SizeName<N> | `${3 | 4}${SizeName<N>}`;
type Shape<N extends OpName> = readonly [length: Extent<N>] | readonly [rows: Extent<N>, columns: Extent<N>];
/** 'own': memory of the kernel's own, of which it uses as much as it likes. */
type Shapes<N extends OpName> = { readonly [K in keyof (typeof ops)[N]['views']]: Shape<N> | 'own' };

const policies = {
  policyX: ['b', 'i'],
  policyH: ['b', 'h'],
  policyIh: ['b', '4h'],
  policyHh: ['b', '4h'],
  policyB: ['b', '4h'],
} as const;

const latentWeights = {
  weightX: ['4a', 'i'],
  weightH: ['4a', 'h'],
  weightZeta: ['4a', 'a'],
  weightHh: ['4a', 'a'],
} as const;

const cellWeights = { weightIh: ['4h', 'i'], weightHh: ['4h', 'h'], bias: ['4h'] } as const;

const rnnParts = {
  inputPart: ['b', 'h'],
  hiddenPart: ['b', 'h'],
  bias: ['h'],
  policyIh: ['b', 'h'],
  policyHh: ['b', 'h'],
  policyB: ['b', 'h'],
  mask: ['b', 'h'],
} as const;

const gruParts = {
  inputPart: ['b', '3h'],
  hiddenPart: ['b', '3h'],
  bias: ['3h'],
  policyIh: ['b', '3h'],
  policyHh: ['b', '3h'],
  policyB: ['b', '3h'],
  mask: ['b', 'h'],
} as const;

const shapes: { readonly [N in OpName]: Shapes<N> } = {
  productNT: { a: ['m', 'k'], b: ['n', 'k'], bias: ['n'], c: ['m', 'n'] },
  productNN: { a: ['m', 'k'], b: ['k', 'n'], c: ['m', 'n'] },
  productTN: { a: ['k', 'm'], b: ['k', 'n'], c: ['m', 'n'] },
  columnSum: { x: ['m', 'n'], y: ['n'] },
  embeddingForward: { ids: ['n'], weight: ['vocabulary', 'width'], rowMask: ['vocabulary'], y: ['n', 'width'] },
  embeddingBackward: { ids: ['n'], dy: ['n', 'width'], rowMask: ['vocabulary'], dweight: ['vocabulary', 'width'] },
  dropoutMask: { random: [2], mask: ['n'] },
  applyMask: { x: ['m', 'n'], mask: ['period', 'n'], y: ['m', 'n'] },
  latentCellForward: {
    x: ['b', 'i'],
    h: ['b', 'h'],
    zeta: ['b', 'a'],
    zPrevious: ['b', 'a'],
    zcPrevious: ['b', 'a'],
    ...latentWeights,
    bias: ['4a'],
    mask: ['b', 'a'],
    gates: ['b', '4a'],
    zc: ['b', 'a'],
    z: ['b', 'a'],
  },
  latentCellBackward: {
    zcPrevious: ['b', 'a'],
    zc: ['b', 'a'],
    ...latentWeights,
    mask: ['b', 'a'],
    gates: ['b', '4a'],
    dz: ['b', 'a'],
    dzc: ['b', 'a'],
    dh: ['b', 'h'],
    dx: ['b', 'i'],
    dzeta: ['b', 'a'],
  },
  policyForward: { z: ['b', 'a'], weight: ['p', 'a'], d: ['b', 'p'] },
  policyBackward: { d: ['b', 'p'], weight: ['p', 'a'], dd: ['b', 'p'], dz: ['b', 'a'] },
  adaptiveCellForward: {
    x: ['b', 'i'],
    h: ['b', 'h'],
    cPrevious: ['b', 'h'],
    ...cellWeights,
    ...policies,
    mask: ['b', 'h'],
    scaledX: ['b', 'i'],
    scaledH: ['b', 'h'],
    inputPart: ['b', '4h'],
    hiddenPart: ['b', '4h'],
    gates: ['b', '4h'],
    c: ['b', 'h'],
    y: ['b', 'h'],
    hNext: ['b', 'h'],
  },
  adaptiveCellBackward: {
    x: ['b', 'i'],
    h: ['b', 'h'],
    cPrevious: ['b', 'h'],
    c: ['b', 'h'],
    ...cellWeights,
    ...policies,
    dpolicyX: ['b', 'i'],
    dpolicyH: ['b', 'h'],
    dpolicyIh: ['b', '4h'],
    dpolicyHh: ['b', '4h'],
    dpolicyB: ['b', '4h'],
    mask: ['b', 'h'],
    inputPart: ['b', '4h'],
    hiddenPart: ['b', '4h'],
    gates: ['b', '4h'],
    dy: ['b', 'h'],
    dh: ['b', 'h'],
    dc: ['b', 'h'],
    dx: ['b', 'i'],
  },
  rnnCellForward: { ...rnnParts, gates: ['b', 'h'], y: ['b', 'h'], hNext: ['b', 'h'] },
  rnnCellBackward: {
    ...rnnParts,
    dpolicyIh: ['b', 'h'],
    dpolicyHh: ['b', 'h'],
    dpolicyB: ['b', 'h'],
    gates: ['b', 'h'],
    dy: ['b', 'h'],
    dh: ['b', 'h'],
  },
  gruCellForward: { h: ['b', 'h'], ...gruParts, gates: ['b', '3h'], y: ['b', 'h'], hNext: ['b', 'h'] },
  gruCellBackward: {
    h: ['b', 'h'],
    ...gruParts,
    dpolicyIh: ['b', '3h'],
    dpolicyHh: ['b', '3h'],
    dpolicyB: ['b', '3h'],
    gates: ['b', '3h'],
    dy: ['b', 'h'],
    dh: ['b', 'h'],
  },
  softmaxCrossEntropyForward: { logits: ['n', 'vocabulary'], targets: ['n'], logSumExp: ['n'], losses: ['n'] },
  softmaxCrossEntropyBackward: { logits: ['n', 'vocabulary'], targets: ['n'], logSumExp: ['n'] },
  mean: { x: ['n'], y: [1] },
  multiply: { a: ['m', 'n'], b: ['m', 'n'], y: ['m', 'n'] },
  activationForward: { x: ['m', 'n'], y: ['m', 'n'] },
  activationBackward: { y: ['m', 'n'], dy: ['m', 'n'], dx: ['m', 'n'] },
  squaredErrorForward: { y: ['n', 'o'], targets: ['n', 'o'], losses: ['n'] },
  squaredErrorBackward: { y: ['n', 'o'], targets: ['n', 'o'] },
  fill: { x: ['n'] },
  add: { x: ['n'], y: ['n'] },
  copy: { x: ['m', 'n'], y: ['m', 'n'] },
  norm: { x: ['n'], norm: [1] },
  adam: { settings: [8], norm: [1], gradients: ['n'], parameters: ['n'], moment1: ['n'], moment2: ['n'] },
  sample: { logits: ['vocabulary'], settings: [3], random: [2], scratch: 'own', order: 'own', id: [1] },
};

/** A piece of a buffer: `rows` rows, `ld` of the view apart, of `columns` elements each. A vector is one row. */
export interface Reach {
  readonly view: string;
  /** null when a kernel uses as much of it as it likes, and nobody else. */
  readonly piece: { readonly rows: Size; readonly columns: Size } | null;
  /** Whether what lies there has a say in what comes out. */
  readonly reads: boolean;
  /** Whether all of it is written. */
  readonly writes: boolean;
}

/** What a call reaches, in the order of its views; null for a view that is left out. */
export function reachOf(call: Call): (Reach | null)[] {
  const { views: roles, sizes } = ops[call.op];
  const table: Readonly<Record<string, readonly (number | string)[] | 'own'>> = shapes[call.op];
  const named = new Map<string, Size>(sizes.map((name, i) => [name, call.sizes[i] ?? 0]));
  const present = new Set(Object.keys(roles).filter((_, i) => call.views[i]));
  return Object.entries(roles).map(([view, role]) => {
    if (!present.has(view)) return null;
    const shape = table[view];
    if (!shape || shape === 'own') return { view, piece: null, reads: false, writes: false };
    const [rows = 1, columns = 1] = shape.length === 1 ? [1, ...shape] : shape;
    const piece = { rows: size(rows, named), columns: size(columns, named) };
    const updates = role.startsWith('update') && !isOnlyWritten(call.op, view, named, present);
    return { view, piece, reads: role.startsWith('read') || updates, writes: !role.startsWith('read') };
  });
}

/** Whether an `update` view is only written in this call, as core/ops.ts says of each of these. */
function isOnlyWritten(
  op: OpName,
  view: string,
  sizes: ReadonlyMap<string, Size>,
  present: ReadonlySet<string>,
): boolean {
  if (op === 'productNT' || op === 'productNN' || op === 'productTN') return sizes.get('accumulate') === 0;
  if (op === 'multiply') return sizes.get('accumulate') === 0;
  if (op === 'latentCellForward') return present.has('x');
  if (op !== 'adaptiveCellForward') return false;
  return present.has('x') || (view === 'gates' && present.has('inputPart'));
}

/** '4h' is four times h. */
function size(extent: number | string, named: ReadonlyMap<string, Size>): Size {
  if (typeof extent === 'number') return extent;
  const [factor, name] = /^[34]/.test(extent) ? [Number(extent.charAt(0)), extent.slice(1)] : [1, extent];
  const count = named.get(name) ?? 0;
  return typeof count === 'number' ? factor * count : { perStep: factor * sizeAt(count, 1) };
}
