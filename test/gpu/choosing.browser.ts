/** Which backend it becomes, and why: with the browser's own WebGPU, its own store, and no WebGPU at all. */
import { aTimeout, expect } from '@open-wc/testing';
import type { BackendReason } from '../../core/backend.js';
import { longMemory, shortMemory } from '../../worker/choice-memory.js';
import type { Runtime, RuntimeOptions } from '../../worker/runtime.js';
import { GpuRig } from './rig.js';
import { eventsOf, makeRuntime, train } from './runtimes.js';

const runtimes: Runtime[] = [];

/** Where a run begins. */
async function begin(options: RuntimeOptions): Promise<{ backend: string; reason: BackendReason }> {
  const runtime = makeRuntime(options);
  runtimes.push(runtime);
  const { events } = await train(runtime, {}, ({ type }, control) => {
    if (type === 'started') control.stop();
  });
  const [started] = eventsOf(events, 'started');
  if (!started) throw new Error('The run did not start.');
  return { backend: started.backend, reason: started.reason };
}

const onWasm = (code: Exclude<BackendReason['code'], 'faster'>) => ({ backend: 'wasm', reason: { code } });

describe('the choice of a backend', () => {
  afterEach(() => runtimes.splice(0).forEach((runtime) => runtime.destroy()));

  it('is WASM where there is no WebGPU', async () => {
    expect(await begin({ gpu: null })).to.deep.equal(onWasm('no-webgpu'));
    expect(await begin({ gpu: null, backend: 'webgpu' })).to.deep.equal(onWasm('no-webgpu'));
  });

  it('is WASM where there is no adapter', async () => {
    const gpu = new GpuRig({ blocked: true });
    expect(await begin({ gpu })).to.deep.equal(onWasm('no-adapter'));
    expect(await begin({ gpu, backend: 'webgpu' })).to.deep.equal(onWasm('no-adapter'));
  });

  it('is WASM where the only adapter is software, without a try', async () => {
    const gpu = new GpuRig();
    expect(await begin({ gpu })).to.deep.equal(onWasm('software-adapter'));
    expect(gpu.devices).to.deep.equal([]);
  });

  it('is what was asked for, also on software', async () => {
    expect(await begin({ backend: 'wasm' })).to.deep.equal(onWasm('asked'));
    expect(await begin({ backend: 'webgpu' })).to.deep.equal({ backend: 'webgpu', reason: { code: 'asked' } });
  });

  it('is measured once where there is a GPU, and remembered over visits', async () => {
    const database = `adaptive-lm-test-${crypto.randomUUID()}`;
    const gpu = new GpuRig({ poseAs: 'a GPU that is none' });
    const visit = (source: GpuRig) => begin({ gpu: source, memory: longMemory(database), readyTime: 60 });
    const first = await visit(gpu);
    // SwiftShader, measured, is what it is: slow.
    expect([first.backend, first.reason.code]).to.deep.equal(['wasm', 'faster']);
    expect(gpu.devices).to.have.lengthOf(1);
    expect(await visit(gpu)).to.deep.equal(first);
    expect(gpu.devices).to.have.lengthOf(1);
    // Another GPU, another measurement.
    const other = new GpuRig({ poseAs: 'another' });
    await visit(other);
    expect(other.devices).to.have.lengthOf(1);
    indexedDB.deleteDatabase(database);
  });

  it('is WASM where the GPU is not ready in time, which is not remembered, and gives back what comes late', async () => {
    const memory = shortMemory();
    expect(await begin({ gpu: new GpuRig(), memory, readyTime: 0 })).to.deep.equal(onWasm('no-adapter'));
    let open = (): void => {};
    const slow = new GpuRig({ poseAs: 'a GPU', gate: new Promise((resolve) => (open = resolve)) });
    await slow.requestAdapter(); // the browser's GPU process runs by now
    expect(await begin({ gpu: slow, memory, readyTime: 2 })).to.deep.equal(onWasm('slow-start'));
    open();
    while (slow.devices.length === 0) await aTimeout(50);
    expect((await slow.device.lost).reason).to.equal('destroyed');
    const ready = new GpuRig({ poseAs: 'a GPU' });
    expect((await begin({ gpu: ready, memory, readyTime: 60 })).reason.code).to.equal('faster');
  });

  it('falls back when what is remembered is not there any more', async () => {
    const memory = { recall: async () => ({ backend: 'webgpu', times: 3 }) as const, remember: async () => {} };
    const gpu = new GpuRig({ poseAs: 'a GPU' });
    expect(await begin({ gpu, memory })).to.deep.equal({ backend: 'webgpu', reason: { code: 'faster', times: 3 } });
    expect(await begin({ gpu: null, memory })).to.deep.equal(onWasm('no-webgpu'));
    expect(await begin({ gpu: new GpuRig({ blocked: true }), memory })).to.deep.equal(onWasm('no-adapter'));
    const poor = new GpuRig({ poseAs: 'a GPU', withoutMemory: () => true });
    expect(await begin({ gpu: poor, memory })).to.deep.equal(onWasm('memory'));
  });

  it('refuses a name that is none, wherever it is needed', async () => {
    const runtime = makeRuntime();
    runtime.backend = 'cuda';
    for (const work of [() => train(runtime), () => runtime.load(new ArrayBuffer(8))]) {
      const thrown: unknown = await work().then(
        () => null,
        (error: unknown) => error,
      );
      expect(thrown).to.have.property('code', 'invalid-option');
      expect(thrown).to.have.property('message').that.contains("expected 'auto', 'webgpu' or 'wasm', got \"cuda\"");
    }
  });
});

describe('the memory of measurements', () => {
  it('survives what is in the store, and a store that cannot be opened', async () => {
    const database = `adaptive-lm-test-${crypto.randomUUID()}`;
    const memory = longMemory(database);
    expect(await memory.recall('x')).to.equal(null);
    await memory.remember('x', { backend: 'webgpu', times: 2 });
    expect(await longMemory(database).recall('x')).to.deep.equal({ backend: 'webgpu', times: 2 });
    for (const nonsense of ['webgpu', null, { backend: 'cuda', times: 2 }, { backend: 'wasm', times: NaN }]) {
      await put(database, 'x', nonsense);
      expect(await longMemory(database).recall('x')).to.equal(null);
    }
    indexedDB.deleteDatabase(database);
    const newer = `adaptive-lm-test-${crypto.randomUUID()}`;
    const request = indexedDB.open(newer, 1000);
    await new Promise((resolve) => (request.onsuccess = resolve));
    request.result.close();
    const refused = longMemory(newer); // asks for an earlier version, or for a store that is not there
    await refused.remember('y', { backend: 'wasm', times: 4 });
    expect(await refused.recall('y')).to.deep.equal({ backend: 'wasm', times: 4 });
    expect(await longMemory(newer).recall('y')).to.equal(null);
    indexedDB.deleteDatabase(newer);
  });
});

async function put(database: string, key: string, value: unknown): Promise<void> {
  const opened = indexedDB.open(database);
  await new Promise((resolve) => (opened.onsuccess = resolve));
  const transaction = opened.result.transaction('backends', 'readwrite');
  transaction.objectStore('backends').put(value, key);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  opened.result.close();
}
