/**
 * Every WGSL file by Dawn's null backend, which compiles and checks but does not compute: all entry points, with every
 * operand in either arena and with optional ones left out.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { dawn } from '../../cli/dawn.js';
import { openGpu } from '../../gpu/device.js';
import type { Constants, Stage } from '../../gpu/kernel-table.js';
import { Pipelines } from '../../gpu/pipelines.js';
import { arenas } from '../../gpu/record.js';
import { composeShader } from '../../gpu/shader.js';
import { kernels, kernelsByQuads, type Kernel } from './kernels.js';

const gpu = await openGpu({ source: await dawn({ backend: 'null' }) });
assert(gpu.has('subgroups'));

function constants({ views, row }: Kernel, arena: number, optional: number): Constants {
  const given = views.map(([name, isOptional]) => [`${name}_arena`, isOptional ? optional : arena] as const);
  return Object.fromEntries(row.scratch ? [...given, ['scratch_arena', arenas.own]] : given);
}

/** Of few rows, in parts, of small tiles, of large ones. */
const productSizes = [
  { m: 20, n: 64, k: 100 },
  { m: 20, n: 64, k: 1000 },
  { m: 64, n: 64, k: 100 },
  { m: 4096, n: 4096, k: 100 },
];
const choices = ({ constants }: Stage): readonly Constants[] =>
  constants ? productSizes.flatMap((sizes) => [false, true].map((aligned) => constants(sizes, () => aligned))) : [{}];

describe('WGSL', () => {
  after(() => gpu.destroy());

  for (const subgroups of [false, true]) {
    const pipelines = new Pipelines(gpu.device, subgroups);
    for (const kernel of kernels) {
      it(`${kernel.name} compiles in all its variants, ${subgroups ? 'with' : 'without'} subgroups`, async () => {
        for (const arena of [arenas.own, arenas.shared]) {
          for (const optional of [arenas.absent, arenas.own, arenas.shared]) {
            for (const stage of kernel.row.stages) {
              for (const more of choices(stage)) {
                await pipelines.get(kernel.file, stage, { ...constants(kernel, arena, optional), ...more });
              }
            }
          }
        }
        assert.equal(gpu.failure, null);
      });
    }
  }

  const pipelines = new Pipelines(gpu.device, true);
  for (const kernel of kernelsByQuads) {
    it(`${kernel.name} by quads compiles in all its variants`, async () => {
      for (const aligned of [false, true]) {
        for (const rows of [1, 64]) {
          for (const optional of [arenas.absent, arenas.own]) {
            for (const stage of kernel.row.stages) {
              const more = stage.constants?.({ b: rows, m: rows }, () => aligned);
              await pipelines.get(kernel.file, stage, { ...constants(kernel, arenas.shared, optional), ...more });
            }
          }
        }
      }
      assert.equal(gpu.failure, null);
    });
  }

  it('an error names file, line, column and source', async () => {
    const shader = composeShader('fill', { byQuads: false, subgroups: true });
    const { code } = shader;
    const at = code.split('\n').findIndex((line) => line.includes('fn fill')) + 1;
    assert.deepEqual(shader.locate(at), { file: 'fill.wgsl', line: 14, text: code.split('\n')[at - 1] });
    await assert.rejects(pipelines.get('fill', { entry: 'nowhere' }, { x_arena: 1 }), { code: 'internal' });
  });
});
