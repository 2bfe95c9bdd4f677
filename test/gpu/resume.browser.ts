/** A run on WebGPU that was interrupted ends as if it had not been, to the bit. */
import { expect } from '@open-wc/testing';
import type { Runtime } from '../../worker/runtime.js';
import { fromStart, fromStore, joined, trace } from '../worker/interrupted.js';
import { memoryStore } from '../worker/storage/checkpoints.js';
import { brief, makeRuntime } from './runtimes.js';

async function onGpu<T>(store: ReturnType<typeof memoryStore>, work: (runtime: Runtime) => Promise<T>): Promise<T> {
  const runtime = makeRuntime({ backend: 'webgpu', store: async () => store });
  try {
    return await work(runtime);
  } finally {
    runtime.destroy();
  }
}

it('N steps, a reload, N steps: as 2 N steps, on WebGPU', async () => {
  const request = { ...brief, options: { ...brief.options, sampleEvery: 12 } };
  const keep = { name: 'a', interval: 1000 };
  const straight = await onGpu(memoryStore(), (runtime) => trace(runtime, fromStart(request)));
  expect(straight.steps).to.equal(24);
  const store = memoryStore();
  const first = await onGpu(store, (runtime) =>
    trace(runtime, fromStart({ ...request, keep }), (event, control) => {
      if (event.type === 'validation' && event.step === 12) control.stop();
    }),
  );
  expect(first.steps).to.equal(12);
  const second = await onGpu(store, (runtime) => trace(runtime, fromStore(keep)));
  expect(second.events.find(({ type }) => type === 'started')).to.include({ backend: 'webgpu' });
  const { validations, samples, steps, model } = straight;
  expect(joined(first, second)).to.deep.equal({ validations, samples, steps, model });
});
