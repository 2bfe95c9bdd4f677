/**
 * Every WGSL file by Dawn's null backend, which compiles and checks but does not compute: all entry points, with every
 * operand in either arena and with optional ones left out. And that the records of a kernel are laid out as its row says.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { dawn } from '../../cli/dawn.js';
import { opNames, ops, type OpName, type OpRow } from '../../core/ops.js';
import { openGpu } from '../../gpu/device.js';
import { kernelFiles } from '../../gpu/generated/shaders.js';
import { kernelTable, policyLatentBackward, type KernelRow } from '../../gpu/kernel-table.js';
import { Pipelines } from '../../gpu/pipelines.js';
import { arenas } from '../../gpu/record.js';
import { composeShader } from '../../gpu/shader.js';

const gpu = await openGpu({ source: await dawn('backend=null') });
const pipelines = new Pipelines(gpu.device);

interface Kernel {
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

const kernels: readonly Kernel[] = [
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
    scalars: [],
  },
];

function constants({ views, row }: Kernel, arena: number, optional: number): Record<string, number> {
  const given = views.map(([name, isOptional]) => [`${name}_arena`, isOptional ? optional : arena] as const);
  return Object.fromEntries(row.scratch ? [...given, ['scratch_arena', arenas.own]] : given);
}

/** Members of the struct that has the kernel's name, as `name: type`. */
function record({ file, name }: Kernel): string[] {
  const struct = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(kernelFiles[file]?.source ?? '')?.[1] ?? '';
  return body.split(',').flatMap((member) => member.trim() || []);
}

const dimension = (name: string) => (name.length === 1 ? name.toUpperCase() : name);

describe('WGSL', () => {
  after(() => gpu.destroy());

  for (const kernel of kernels) {
    it(`${kernel.name} compiles in all its variants`, async () => {
      for (const arena of [arenas.own, arenas.shared]) {
        for (const optional of [arenas.absent, arenas.own, arenas.shared]) {
          for (const { entry } of kernel.row.stages) {
            await pipelines.get(kernel.file, entry, constants(kernel, arena, optional));
          }
        }
      }
      assert.equal(gpu.failure, null);
    });

    it(`${kernel.name} reads its record as the op table has it`, () => {
      const scratch = kernel.row.scratch ? ['scratch: vec2u'] : [];
      assert.deepEqual(record(kernel), [
        ...kernel.views.map(([name]) => `${name}: vec2u`),
        ...scratch,
        ...kernel.sizes.map((name) => `${dimension(name)}: u32`),
        ...kernel.scalars.map((name) => `${name}: f32`),
      ]);
      assert(2 * kernel.views.length + kernel.sizes.length + kernel.scalars.length <= 62);
    });
  }

  it('an error names file, line, column and source', async () => {
    const shader = composeShader('fill');
    const { code } = shader;
    const at = code.split('\n').findIndex((line) => line.includes('fn fill')) + 1;
    assert.deepEqual(shader.locate(at), { file: 'fill.wgsl', line: 14, text: code.split('\n')[at - 1] });
    await assert.rejects(pipelines.get('fill', 'nowhere', { x_arena: 1 }), { code: 'internal' });
  });
});
