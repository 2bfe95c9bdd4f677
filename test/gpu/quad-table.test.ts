/** What gpu/quad-table.ts promises of its stages, and which adapters get them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dawn, openDawn } from '../../cli/dawn.js';
import { openGpu } from '../../gpu/device.js';
import type { KernelRow, Sizes } from '../../gpu/kernel-table.js';
import { kernels, kernelsByQuads } from './kernels.js';

const size = fc.integer({ min: 1, max: 100 });
const names = ['m', 'n', 'k', 'b', 'i', 'h', 'a', 'p', 'width', 'vocabulary'];
const anySizes = fc.record(Object.fromEntries(names.map((name) => [name, size])));

const workOf = ({ stages }: KernelRow, sizes: Sizes) => stages.reduce((sum, { work }) => sum + (work?.(sizes) ?? 0), 0);

describe('kernels by quads', () => {
  for (const { name, row } of kernelsByQuads) {
    it(`${name} is as much work as by tiles, so submits are cut as often`, () => {
      const byTiles = kernels.find((kernel) => kernel.name === name);
      assert(byTiles);
      fc.assert(
        fc.property(anySizes, (sizes) => assert.equal(workOf(row, sizes), workOf(byTiles.row, sizes))),
        { seed: 1 },
      );
    });
  }

  it('are for adapters that run on a CPU and have subgroups, unless a style is given', async () => {
    const { source, info } = await openDawn();
    const computing = await openGpu({ source });
    const fitting = info.isFallbackAdapter && computing.has('subgroups') ? 'quads' : 'tiles';
    assert.equal(computing.style, fitting);
    const other = fitting === 'quads' ? 'tiles' : 'quads';
    const told = await openGpu({ source, style: other });
    assert.equal(told.style, other);
    const nothing = await openGpu({ source: await dawn({ backend: 'null' }) });
    assert.equal(nothing.style, 'tiles');
    for (const gpu of [computing, told, nothing]) gpu.destroy();
  });
});
