/** What an op of the oracle is: a function whose arguments are those of its row in core/ops.ts. */
import { ops, type OpName, type OpRow, type ViewRole } from '../../core/ops.js';
import { Ids, Matrix, Vector } from './tensors.js';

/** What a role lets an op do: reading cannot write, and writing cannot look at what was there. */
interface Roles {
  'read matrix': Pick<Matrix, 'get'>;
  'write matrix': Pick<Matrix, 'set'>;
  'update matrix': Matrix;
  'read vector': Pick<Vector, 'get'>;
  'write vector': Pick<Vector, 'set'>;
  'update vector': Vector;
  'read ids': Pick<Ids, 'get'>;
  'write ids': Pick<Ids, 'set'>;
  'update ids': Ids;
}

type TensorOf<Role extends ViewRole> = Role extends keyof Roles
  ? Roles[Role]
  : Role extends `${infer Present extends keyof Roles}?`
    ? Roles[Present] | null
    : never;

type Views<N extends OpName> = (typeof ops)[N]['views'];

export type Tensors<N extends OpName> = {
  readonly [K in keyof Views<N>]: Views<N>[K] extends ViewRole ? TensorOf<Views<N>[K]> : never;
};
export type Sizes<N extends OpName> = Readonly<Record<(typeof ops)[N]['sizes'][number], number>>;
export type Scalars<N extends OpName> = Readonly<Record<(typeof ops)[N]['scalars'][number], number>>;

export type Kernel<N extends OpName> = (tensors: Tensors<N>, sizes: Sizes<N>, scalars: Scalars<N>) => void;

export type Named<T> = Readonly<Record<string, T | undefined>>;
export type Tensor = Matrix | Vector | Ids | null;

function hasRole(tensor: Tensor | undefined, role: ViewRole): boolean {
  if (tensor === null) return role.endsWith('?');
  if (role.includes('matrix')) return tensor instanceof Matrix;
  return role.includes('vector') ? tensor instanceof Vector : tensor instanceof Ids;
}

/** Whether there is a tensor of the right kind for every view of the op. */
export function areTensors<N extends OpName>(op: N, tensors: Named<Tensor>): tensors is Named<Tensor> & Tensors<N> {
  const { views }: OpRow = ops[op];
  return Object.entries(views).every(([name, role]) => hasRole(tensors[name], role));
}

export function areSizes<N extends OpName>(op: N, sizes: Named<number>): sizes is Named<number> & Sizes<N> {
  const row: OpRow = ops[op];
  return row.sizes.every((name) => Number.isInteger(sizes[name]));
}

export function areScalars<N extends OpName>(op: N, scalars: Named<number>): scalars is Named<number> & Scalars<N> {
  const row: OpRow = ops[op];
  return row.scalars.every((name) => typeof scalars[name] === 'number');
}
