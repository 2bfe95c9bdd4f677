/** Many runs of as many models leave nothing behind: with Dawn's null backend, which makes everything for real. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dawn } from '../../cli/dawn.js';
import type { GpuSource } from '../../gpu/adapter.js';
import { Runtime } from '../../worker/runtime.js';
import { TrainingControl } from '../../worker/training-control.js';
import { collect } from '../collect.js';
import { modules } from '../worker/engines.js';

/** Bytes in use, after a collection. */
async function memory(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Counts the buffers that are there. */
function counted(source: GpuSource, alive: Set<GPUBuffer>): GpuSource {
  return {
    requestAdapter: async (options) => {
      const adapter = await source.requestAdapter(options);
      if (!adapter) return null;
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await request(descriptor);
        const create = device.createBuffer.bind(device);
        device.createBuffer = (wanted) => {
          const buffer = create(wanted);
          const destroy = buffer.destroy.bind(buffer);
          buffer.destroy = () => {
            alive.delete(buffer);
            destroy();
          };
          alive.add(buffer);
          return buffer;
        };
        return device;
      };
      return adapter;
    },
  };
}

const rounds = 20;
/** A leak shows in each of these; what grows while all is still new, or waits for its collection, does not. */
const attempts = 5;
/** Less than a quarter of the weights' bytes for each round. */
const crumbs = rounds * 25_000;

for (const backend of ['webgpu', 'wasm'] as const) {
  test(`rounds of learning, writing and destroying leave nothing on ${backend}`, async () => {
    const alive = new Set<GPUBuffer>();
    let most = 0;
    const gpu = counted(await dawn({ backend: 'null' }), alive);
    const round = async () => {
      const control = new TrainingControl();
      const runtime = new Runtime(async () => modules, { backend, gpu });
      const { model } = await runtime.train(
        {
          corpus: { kind: 'text', text: 'the quick brown fox jumps over the lazy dog. '.repeat(10) },
          start: {
            kind: 'new',
            size: {
              cell: 'lstm',
              adaptation: 'io',
              latent: 'recurrent',
              embeddingSize: 32,
              hiddenSizes: [64],
              latentSize: 8,
              tiedDecoder: false,
            },
          },
          tokenizer: 'characters',
          options: { batchSize: 4, segmentLength: 8, epochs: 0.2 },
          samplePrompt: '',
        },
        {
          control,
          onEvent: ({ type }) => {
            if (type === 'progress') control.stop();
          },
        },
      );
      assert.equal(model?.backend, backend);
      await runtime.generate({ maxTokens: 3 });
      most = Math.max(most, alive.size);
      runtime.destroy();
      runtime.destroy();
      assert.equal(alive.size, 0);
    };
    await round();
    const growths: number[] = [];
    for (let before = await memory(); growths.length < attempts && !growths.some((growth) => growth < crumbs);) {
      for (let i = 0; i < rounds; i++) await round();
      const after = await memory();
      growths.push(after - before);
      before = after;
    }
    assert.equal(most > 0, backend === 'webgpu');
    assert.ok(Math.min(...growths) < crumbs, `${growths.join(', ')} bytes`);
  });
}
