/** Every kernel as the op table and the kernel table have it, for tests that go through all of them. */
import { opNames, ops, type OpName, type OpRow } from '../../core/ops.js';
import { kernelTable, policyLatentBackward, type KernelRow } from '../../gpu/kernel-table.js';
import { quadTable } from '../../gpu/quad-table.js';

export interface Kernel {
  readonly name: string;
  readonly file: string;
  readonly row: KernelRow;
  /** Names of views with whether they may be left out, in order. */
  readonly views: readonly (readonly [name: string, optional: boolean])[];
  readonly sizes: readonly string[];
  readonly scalars: readonly string[];
}

const rowOf = (op: OpName): OpRow => ops[op];
const viewsOf = (op: OpName) =>
  Object.entries(rowOf(op).views).map(([name, role]) => [name, role.endsWith('?')] as const);

const quadRows = new Map<string, KernelRow>(Object.entries(quadTable));

export const kernels: readonly Kernel[] = [
  ...opNames.map((name) => {
    const { file, sizes, scalars } = rowOf(name);
    return { name, file, row: kernelTable[name], views: viewsOf(name), sizes, scalars };
  }),
  {
    name: 'policyLatentBackward',
    file: 'policy-latent',
    row: policyLatentBackward,
    views: [...viewsOf('latentCellBackward'), ...viewsOf('policyBackward').filter(([name]) => name !== 'dz')],
    sizes: [...rowOf('latentCellBackward').sizes, 'p'],
    scalars: rowOf('policyBackward').scalars,
  },
];

/** Those of gpu/quad-table.ts. */
export const kernelsByQuads: readonly Kernel[] = kernels.flatMap((kernel) => {
  const row = quadRows.get(kernel.name);
  return row ? [{ ...kernel, row }] : [];
});

/** A size as the kernels call it. */
export const dimension = (name: string) => (name.length === 1 ? name.toUpperCase() : name);
