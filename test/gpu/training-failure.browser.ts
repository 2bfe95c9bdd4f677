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

/** Calls `act` when so many steps were validated, of which there are 6, 12, 18 and 24. */
function after(step: number, act: () => void): (event: TrainingEvent) => void {
  return (event) => {
    if (event.type === 'validation' && event.step === step) act();
  };
}

/** Has something happen in the midst of the steps after the twelfth. */
function halfway(rig: GpuRig, act: () => void): (event: TrainingEvent) => void {
  return after(12, () => rig.beforeSubmit(4, act));
}

describe('a training run whose GPU fails', () => {
  let undisturbed: Run;
  let text: string;

  before(async () => {
    const { runtime } = onGpu();
    undisturbed = await train(runtime);
    text = (await write(runtime)).text;
    expect(backends(undisturbed.events)).to.deep.equal([]);
    runtime.destroy();
  });
  afterEach(() => runtimes.splice(0).forEach((runtime) => runtime.destroy()));

  for (const step of [0, 12, 18]) {
    it(`goes on on a new device, to the bit, when it is lost after ${step} of 24 steps`, async () => {
      const { rig, runtime } = onGpu();
      const lose = () => rig.beforeSubmit(3, () => rig.devices.forEach((device) => device.destroy()));
      if (step === 0) lose();
      const run = await train(runtime, {}, after(step, lose));
      expect(backends(run.events)).to.deep.equal([['webgpu', 'webgpu', 'device-lost']]);
      expect(eventsOf(run.events, 'backend')[0]?.message).to.match(/GPU/);
      expect(curve(run)).to.deep.equal(curve(undisturbed));
      expect((await write(runtime)).text).to.equal(text);
    });
  }

  it('ends as it would have when the GPU is lost during its last sample', async () => {
    const { rig, runtime } = onGpu();
    const lose = () => rig.devices.forEach((device) => device.destroy());
    const run = await train(
      runtime,
      {},
      after(24, () => rig.beforeSubmit(50, lose)),
    );
    expect(curve(run)).to.deep.equal(curve(undisturbed));
    expect(eventsOf(run.events, 'sample')).to.deep.equal(eventsOf(undisturbed.events, 'sample'));
    expect((await write(runtime)).text).to.equal(text);
  });

  it('stays on WASM after a second loss', async () => {
    const { rig, runtime } = onGpu();
    const lose = () => rig.device.destroy();
    const run = await train(runtime, {}, (event) => {
      if (event.type === 'validation' && (event.step === 6 || event.step === 18)) rig.beforeSubmit(2, lose);
    });
    expect(backends(run.events)).to.deep.equal([
      ['webgpu', 'webgpu', 'device-lost'],
      ['webgpu', 'wasm', 'device-lost'],
    ]);
    expectNear(run, undisturbed);
  });

  it('goes on on WASM when there is no other device', async () => {
    const { rig, runtime } = onGpu();
    const fail = () => {
      rig.device.destroy();
      rig.requestAdapter = async () => null;
    };
    const run = await train(runtime, {}, halfway(rig, fail));
    expect(backends(run.events)).to.deep.equal([['webgpu', 'wasm', 'no-adapter']]);
    expectNear(run, undisturbed);
  });

  it('goes on on WASM after a validation error', async () => {
    const { rig, runtime } = onGpu();
    const fail = () => {
      rig.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    };
    const run = await train(runtime, {}, halfway(rig, fail));
    expect(backends(run.events)).to.deep.equal([['webgpu', 'wasm', 'failed']]);
    expect(eventsOf(run.events, 'backend')[0]?.message).to.match(/WebGPU: /);
    expectNear(run, undisturbed);
  });

  it('goes on on WASM when memory runs out on the way', async () => {
    const { rig, runtime } = onGpu();
    const fail = () => {
      const error = new GPUOutOfMemoryError('none left');
      rig.device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    };
    const run = await train(runtime, {}, halfway(rig, fail));
    expect(backends(run.events)).to.deep.equal([['webgpu', 'wasm', 'memory']]);
    expectNear(run, undisturbed);
  });

  it('begins on WASM when the GPU has no memory for it, and says so', async () => {
    const { runtime } = onGpu({ withoutMemory: () => true });
    const run = await train(runtime);
    const [started] = eventsOf(run.events, 'started');
    expect([started?.backend, started?.reason.code]).to.deep.equal(['wasm', 'memory']);
    expect(runtime.info?.reason.code).to.equal('memory');
    expectNear(run, undisturbed);
  });

  it('can be stopped while it catches up, and keeps what it learned', async () => {
    const { rig, runtime } = onGpu();
    const lose = halfway(rig, () => rig.devices.forEach((device) => device.destroy()));
    const run = await train(runtime, {}, (event, control) => {
      lose(event);
      if (event.type === 'backend') control.stop();
    });
    expect(run.result.reason).to.equal('stopped');
    expect(run.result.progress?.step).to.be.greaterThan(0);
    expect((await write(runtime)).text).to.have.lengthOf(40);
  });

  it('does not come back after the runtime was destroyed', async () => {
    const { rig, runtime } = onGpu();
    const devices = () => rig.devices.length;
    let made = NaN;
    const end = () => {
      made = devices();
      runtime.destroy();
      rig.devices.forEach((device) => device.destroy());
    };
    const thrown: unknown = await train(runtime, {}, halfway(rig, end)).then(
      () => null,
      (error: unknown) => error,
    );
    expect(thrown).to.have.property('code', 'destroyed');
    expect(devices()).to.equal(made);
  });
});
