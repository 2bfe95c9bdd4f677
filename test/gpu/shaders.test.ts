/**
 * Every WGSL file by Dawn's null backend, which compiles and checks but does not compute: all entry points, with every
 * operand in either arena and with optional ones left out.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { dawn } from '../../cli/dawn.js';
import { openGpu } from '../../gpu/device.js';
import { Pipelines } from '../../gpu/pipelines.js';
import { arenas } from '../../gpu/record.js';
import { composeShader } from '../../gpu/shader.js';
import { kernels, type Kernel } from './kernels.js';

const gpu = await openGpu({ source: await dawn({ backend: 'null' }) });
const pipelines = new Pipelines(gpu.device);

function constants({ views, row }: Kernel, arena: number, optional: number): Record<string, number> {
  const given = views.map(([name, isOptional]) => [`${name}_arena`, isOptional ? optional : arena] as const);
  return Object.fromEntries(row.scratch ? [...given, ['scratch_arena', arenas.own]] : given);
}

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
  }

  it('an error names file, line, column and source', async () => {
    const shader = composeShader('fill');
    const { code } = shader;
    const at = code.split('\n').findIndex((line) => line.includes('fn fill')) + 1;
    assert.deepEqual(shader.locate(at), { file: 'fill.wgsl', line: 14, text: code.split('\n')[at - 1] });
    await assert.rejects(pipelines.get('fill', 'nowhere', { x_arena: 1 }), { code: 'internal' });
  });
});
