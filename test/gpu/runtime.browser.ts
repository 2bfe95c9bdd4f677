/** The worker's runtime on the GPU: it learns what it learns on WASM, and writes the same text. */
import { expect } from '@open-wc/testing';
import type { BackendChoice } from '../../core/backend.js';
import { makeRuntime, request, train, write } from './runtimes.js';

async function learn(backend: BackendChoice) {
  const runtime = makeRuntime({ backend });
  try {
    const { result } = await train(runtime, {}, undefined, request);
    const { text } = await write(runtime, { temperature: 0 });
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
  });
});
