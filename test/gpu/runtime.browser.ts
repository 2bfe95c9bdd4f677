/** The worker's runtime on the GPU: it learns what it learns on WASM, and writes the same text. */
import { expect } from '@open-wc/testing';
import type { TrainingRequest } from '../../core/protocol.js';
import type { BackendChoice } from '../../worker/backend.js';
import type { Modules } from '../../worker/assets.js';
import { Runtime } from '../../worker/runtime.js';
import { TrainingControl } from '../../worker/training-control.js';

const compile = async (name: string) => {
  const response = await fetch(new URL(`../../assembly/${name}`, import.meta.url));
  return WebAssembly.compile(await response.arrayBuffer());
};

async function modules(): Promise<Modules> {
  return { kernels: await compile('kernels.wasm'), text: await compile('text.wasm'), threads: null };
}

const request: TrainingRequest = {
  corpus: { kind: 'text', text: 'the quick brown fox jumps over the lazy dog. '.repeat(100) },
  start: {
    kind: 'new',
    size: {
      cell: 'lstm',
      adaptation: 'io',
      latent: 'recurrent',
      embeddingSize: 16,
      hiddenSizes: [24, 16],
      latentSize: 8,
      tiedDecoder: true,
    },
  },
  tokenizer: 'characters',
  options: { batchSize: 8, segmentLength: 8, epochs: 1, dropout: { hidden: 0.2, latent: 0.1 }, seed: 3 },
  samplePrompt: 'the',
};

async function learn(backend: BackendChoice) {
  const runtime = new Runtime(modules, { backend });
  try {
    const result = await runtime.train(request, { onEvent: () => undefined, control: new TrainingControl() });
    const { text } = await runtime.generate({ prompt: 'the quick', maxTokens: 40, temperature: 0, seed: 1 });
    return { loss: result.progress?.loss ?? NaN, step: result.progress?.step, text, info: runtime.info };
  } finally {
    runtime.destroy();
  }
}

describe('the runtime on WebGPU', () => {
  it('trains fifty steps and writes as on WASM', async () => {
    const expected = await learn('wasm');
    const got = await learn('webgpu');
    expect(expected.info?.backend).to.equal('wasm');
    expect(got.info?.backend).to.equal('webgpu');
    expect(got.step).to.equal(expected.step);
    expect(got.step).to.be.at.least(50);
    expect(Math.abs(got.loss / expected.loss - 1)).to.be.at.most(1e-3);
    expect(got.text).to.equal(expected.text);
  }).timeout(120_000);
});
