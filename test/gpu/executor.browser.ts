/** The contract of core/executor.ts on the GPU, and what becomes of it when the GPU does not play along. */
import { expect } from '@open-wc/testing';
import { AdaptiveError } from '../../core/errors.js';
import { ProgramBuilder, type Program } from '../../core/program.js';
import { openGpu } from '../../gpu/device.js';
import { createGpuExecutor, type GpuExecutor } from '../../gpu/executor.js';
import { rejection } from '../components/helpers.js';

/** Adds what is in `x` to a shared total, once a step. */
function adding(length: number, maxSteps = 4, shared = 'total'): Program {
  const builder = new ProgramBuilder('adding', maxSteps);
  const x = builder.matrix('x', 1, length);
  const y = { buffer: builder.buffer(shared, length, { scope: 'shared' }), offset: 0, stride: 0, ld: 0 };
  builder.port('x', x, [length]);
  builder.port('total', y, [length]);
  builder.scan('forward', (scan) => scan.call('add', { x, y }, { n: length }));
  return builder.build();
}

async function code(work: Promise<unknown>): Promise<string> {
  const thrown = await rejection(work);
  return thrown instanceof AdaptiveError ? thrown.code : `no AdaptiveError: ${String(thrown)}`;
}

describe('the WebGPU executor', () => {
  const executors: GpuExecutor[] = [];
  const make = async () => {
    const executor = await createGpuExecutor();
    executors.push(executor);
    return executor;
  };
  afterEach(() => executors.splice(0).forEach((executor) => executor.destroy()));

  it('replays any number of steps, and shares by name while the arena grows', async () => {
    const executor = await make();
    const first = await executor.load(adding(3));
    first.write('x', Float32Array.of(1, 2, 3));
    first.run(4);
    first.run(1);
    const other = await executor.load(adding(1000, 2, 'another'));
    const second = await executor.load(adding(3));
    expect([...(await second.read('total', new Float32Array(3)))]).to.deep.equal([5, 10, 15]);
    first.run(2);
    second.write('x', Float64Array.of(0.5, 0.5));
    second.run(1);
    expect([...(await first.read('total', new Float64Array(3)))]).to.deep.equal([7.5, 14.5, 21]);
    expect([...(await other.read('total', new Float32Array(2)))]).to.deep.equal([0, 0]);
  });

  it('reads at once and in any order', async () => {
    const runner = await (await make()).load(adding(2));
    runner.write('x', Float32Array.of(1, 2));
    runner.run(1);
    const before = runner.read('total', new Float32Array(2));
    runner.run(3);
    const after = runner.read('total', new Float32Array(1));
    expect([...(await after), ...(await before)]).to.deep.equal([4, 1, 2]);
  });

  it('refuses what the contract refuses', async () => {
    const executor = await make();
    const runner = await executor.load(adding(3));
    expect(() => runner.run(0)).to.throw(AdaptiveError, 'expected 1 to 4 steps, got 0');
    expect(() => runner.run(5)).to.throw(AdaptiveError);
    expect(() => runner.write('x', new Float32Array(4))).to.throw(AdaptiveError, 'holds 3, got 4');
    expect(() => runner.write('nowhere', new Float32Array(1))).to.throw(AdaptiveError, 'has no port nowhere');
    expect(await code(executor.load(adding(4)))).to.equal('program');
    runner.unload();
    runner.unload();
    expect(() => runner.run(1)).to.throw(AdaptiveError, 'was unloaded');
    executor.destroy();
    executor.destroy();
    expect(await code(executor.load(adding(3)))).to.equal('destroyed');
  });

  it('replays a team one after the other', async () => {
    const executor = await make();
    const team = await executor.loadTeam([adding(2), adding(2)]);
    for (const runner of team.runners) runner.write('x', Float32Array.of(1, 10));
    await team.run(2);
    expect([...((await team.runners[0]?.read('total', new Float32Array(2))) ?? [])]).to.deep.equal([4, 40]);
    team.unload();
    team.unload();
  });

  it('a hundred rounds of loading leave nothing behind', async () => {
    const executor = await make();
    const round = async () => {
      const runner = await executor.load(adding(500));
      runner.run(1);
      await runner.read('total', new Float32Array(1));
      runner.unload();
    };
    await round();
    const before = executor.bytes;
    for (let i = 0; i < 100; i++) await round();
    expect(executor.bytes).to.equal(before);
    executor.destroy();
    expect(executor.bytes).to.equal(0);
  });

  it('says that there is no WebGPU, no adapter, no device', async () => {
    expect(await code(openGpu({ source: null }))).to.equal('unsupported');
    expect(await code(openGpu({ source: { requestAdapter: async () => null } }))).to.equal('unsupported');
    const refusing = { requestAdapter: () => Promise.reject(new DOMException('blocked', 'OperationError')) };
    expect(await code(createGpuExecutor({ source: refusing }))).to.equal('unsupported');
  });

  it('says that a model is larger than the GPU allows', async () => {
    expect(await code((await make()).load(adding(2 ** 30)))).to.equal('memory');
  });

  it('rejects what waits when the device goes, and everything after', async () => {
    const executor = await make();
    const runner = await executor.load(adding(2));
    runner.run(1);
    executor.gpu.device.destroy();
    expect((await executor.gpu.lost).code).to.equal('destroyed');
    expect(await code(runner.read('total', new Float32Array(1)))).to.equal('destroyed');
    expect(() => runner.run(1)).to.throw(AdaptiveError);
    expect(await code(executor.load(adding(2)))).to.equal('destroyed');
  });
});
