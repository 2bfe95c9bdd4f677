/** The GPU fails while a run is on it: the run goes on from its last step, and says so. */
import { expect } from '@open-wc/testing';
import type { TrainingEvent } from '../../core/protocol.js';
import type { Runtime } from '../../worker/runtime.js';
import { GpuRig, type RigOptions } from './rig.js';
import { eventsOf, makeRuntime, train, write, type Run } from './runtimes.js';

const runtimes: Runtime[] = [];

function onGpu(rigOptions: RigOptions = {}) {
  const rig = new GpuRig(rigOptions);
  const runtime = makeRuntime({ backend: 'webgpu', gpu: rig });
  runtimes.push(runtime);
  return { rig, runtime };
}

function backends(events: readonly TrainingEvent[]) {
  return eventsOf(events, 'backend').map(({ from, to, reason }) => [from, to, reason.code]);
}

/** The curve: every point once, in order. */
function curve({ events, result }: Run) {
  const validations = eventsOf(events, 'validation').map(({ step, loss, best }) => ({ step, loss, best }));
  const { loss, smoothLoss, gradientNorm, step, tokens } = result.progress ?? {};
  return { validations, loss, smoothLoss, gradientNorm, step, tokens };
}

function expectNear(got: Run, expected: Run): void {
  const [a, b] = [curve(got), curve(expected)];
  expect(a.step).to.equal(b.step);
  expect(a.tokens).to.equal(b.tokens);
  expect(a.validations.map(({ step }) => step)).to.deep.equal(b.validations.map(({ step }) => step));
  for (const [i, { loss }] of b.validations.entries()) {
    expect(Math.abs((a.validations[i]?.loss ?? NaN) / loss - 1), `validation ${i}`).to.be.at.most(1e-3);
  }
  expect(Math.abs((a.smoothLoss ?? NaN) / (b.smoothLoss ?? NaN) - 1)).to.be.at.most(1e-3);
  const steps = eventsOf(got.events, 'progress').map(({ progress }) => progress.step);
  expect(steps).to.deep.equal(
    [...steps].sort((x, y) => x - y),
    'progress never goes back',
  );
}

describe('a training run whose GPU fails', () => {
  let undisturbed: Run;
  let text: string;
  /** Of one run, up to the sample at its end. */
  let submits: number;

  before(async () => {
    const { rig, runtime } = onGpu();
    undisturbed = await train(runtime, {}, ({ type }) => {
      if (type === 'validation') submits = rig.submits;
    });
    text = (await write(runtime)).text;
    expect(backends(undisturbed.events)).to.deep.equal([]);
    runtime.destroy();
  });
  afterEach(() => runtimes.splice(0).forEach((runtime) => runtime.destroy()));

  // How many submits a run takes depends on how busy the machine is; not by a tenth.
  for (const part of [0.02, 0.5, 0.9]) {
    it(`goes on on a new device, to the bit, when it is lost at ${100 * part} % of the run`, async () => {
      const { rig, runtime } = onGpu();
      rig.beforeSubmit(Math.ceil(part * submits), () => rig.devices.forEach((device) => device.destroy()));
      const run = await train(runtime);
      expect(backends(run.events)).to.deep.equal([['webgpu', 'webgpu', 'device-lost']]);
      expect(eventsOf(run.events, 'backend')[0]?.message).to.match(/GPU/);
      expect(curve(run)).to.deep.equal(curve(undisturbed));
      expect((await write(runtime)).text).to.equal(text);
    }).timeout(60_000);
  }

  it('ends as it would have when the GPU is lost during its last sample', async () => {
    const { rig, runtime } = onGpu();
    rig.beforeSubmit(submits + 50, () => rig.devices.forEach((device) => device.destroy()));
    const run = await train(runtime);
    expect(curve(run)).to.deep.equal(curve(undisturbed));
    expect(eventsOf(run.events, 'sample')).to.deep.equal(eventsOf(undisturbed.events, 'sample'));
    expect((await write(runtime)).text).to.equal(text);
  }).timeout(60_000);

  it('stays on WASM after a second loss', async () => {
    const { rig, runtime } = onGpu();
    const lose = () => rig.device.destroy();
    rig.beforeSubmit(Math.ceil(0.4 * submits), () => {
      lose();
      rig.beforeSubmit(Math.ceil(0.3 * submits), lose);
    });
    const run = await train(runtime);
    expect(backends(run.events)).to.deep.equal([
      ['webgpu', 'webgpu', 'device-lost'],
      ['webgpu', 'wasm', 'device-lost'],
    ]);
    expectNear(run, undisturbed);
  }).timeout(60_000);

  it('goes on on WASM when there is no other device', async () => {
    const { rig, runtime } = onGpu();
    rig.beforeSubmit(Math.ceil(0.5 * submits), () => {
      rig.device.destroy();
      rig.requestAdapter = async () => null;
    });
    const run = await train(runtime);
    expect(backends(run.events)).to.deep.equal([['webgpu', 'wasm', 'no-adapter']]);
    expectNear(run, undisturbed);
  }).timeout(60_000);

  it('goes on on WASM after a validation error', async () => {
    const { rig, runtime } = onGpu();
    rig.beforeSubmit(Math.ceil(0.5 * submits), () => {
      rig.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    });
    const run = await train(runtime);
    expect(backends(run.events)).to.deep.equal([['webgpu', 'wasm', 'failed']]);
    expect(eventsOf(run.events, 'backend')[0]?.message).to.match(/WebGPU: /);
    expectNear(run, undisturbed);
  }).timeout(60_000);

  it('goes on on WASM when memory runs out on the way', async () => {
    const { rig, runtime } = onGpu();
    rig.beforeSubmit(Math.ceil(0.5 * submits), () => {
      const error = new GPUOutOfMemoryError('none left');
      rig.device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    });
    const run = await train(runtime);
    expect(backends(run.events)).to.deep.equal([['webgpu', 'wasm', 'memory']]);
    expectNear(run, undisturbed);
  }).timeout(60_000);

  it('begins on WASM when the GPU has no memory for it, and says so', async () => {
    const { runtime } = onGpu({ withoutMemory: () => true });
    const run = await train(runtime);
    const [started] = eventsOf(run.events, 'started');
    expect([started?.backend, started?.reason.code]).to.deep.equal(['wasm', 'memory']);
    expect(runtime.info?.reason.code).to.equal('memory');
    expectNear(run, undisturbed);
  }).timeout(60_000);

  it('can be stopped while it catches up, and keeps what it learned', async () => {
    const { rig, runtime } = onGpu();
    rig.beforeSubmit(Math.ceil(0.5 * submits), () => rig.devices.forEach((device) => device.destroy()));
    const run = await train(runtime, { validateEvery: 1000 }, (event, control) => {
      if (event.type === 'backend') control.stop();
    });
    expect(run.result.reason).to.equal('stopped');
    expect(run.result.progress?.step).to.be.greaterThan(0);
    expect((await write(runtime)).text).to.have.lengthOf(40);
  }).timeout(60_000);

  it('does not come back after the runtime was destroyed', async () => {
    const { rig, runtime } = onGpu();
    const devices = () => rig.devices.length;
    let made = NaN;
    rig.beforeSubmit(Math.ceil(0.5 * submits), () => {
      made = devices();
      runtime.destroy();
      rig.devices.forEach((device) => device.destroy());
    });
    const thrown: unknown = await train(runtime).then(
      () => null,
      (error: unknown) => error,
    );
    expect(thrown).to.have.property('code', 'destroyed');
    expect(devices()).to.equal(made);
  }).timeout(60_000);
});
