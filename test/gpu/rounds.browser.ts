/** Models that come and go leave nothing behind. */
import { expect } from '@open-wc/testing';
import type { BackendChoice } from '../../core/backend.js';
import { GpuRig } from './rig.js';
import { brief, makeRuntime, train, write } from './runtimes.js';

/** Bytes of the page's JavaScript and WASM memory, after a collection. */
async function memory(): Promise<number> {
  return (await performance.measureUserAgentSpecificMemory()).bytes;
}

declare global {
  interface Performance {
    /** Where pages are isolated (https://wicg.github.io/performance-measure-memory). */
    measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
  }
}

async function learn(): Promise<ArrayBuffer> {
  const runtime = makeRuntime({ backend: 'wasm' });
  await train(runtime, { epochs: 0.2 }, undefined, { ...brief, start: { kind: 'new', size: 'small' } });
  return runtime.export().finally(() => runtime.destroy());
}

/** Bytes that all rounds may leave: caches that fill. The weights of three models are more. */
const crumbs = 1_000_000;

/** On SwiftShader a round takes a second, most of it for pipelines; rounds.test.ts has more of them. */
const rounds: readonly (readonly [BackendChoice, number])[] = [
  ['webgpu', 8],
  ['wasm', 40],
];

describe('rounds of loading, writing and destroying', () => {
  let file: ArrayBuffer;
  before(async () => {
    file = await learn();
  });

  for (const [backend, count] of rounds) {
    it(`leave no growth on ${backend}`, async () => {
      const rig = new GpuRig();
      const round = async (): Promise<void> => {
        const runtime = makeRuntime({ backend, gpu: rig });
        const info = await runtime.load(file);
        expect(info.backend).to.equal(backend);
        expect((await write(runtime, { maxTokens: 2 })).text).to.have.lengthOf(2);
        runtime.destroy();
        runtime.destroy();
        expect(rig.buffers.size).to.equal(0);
        expect(rig.devices.length).to.equal(backend === 'webgpu' ? 1 : 0);
        rig.devices.length = 0;
      };
      for (let i = 0; i < count / 5; i++) await round();
      const before = await memory();
      for (let i = 0; i < count; i++) await round();
      let growth = (await memory()) - before;
      // What was let go a moment ago may take more than one collection.
      for (let i = 0; i < 10 && growth >= crumbs; i++) growth = (await memory()) - before;
      expect(growth).to.be.below(crumbs);
    });
  }
});
