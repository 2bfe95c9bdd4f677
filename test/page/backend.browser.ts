/** `backend` on the real element and the real worker. */
import { expect } from '@open-wc/testing';
import { checkAlive, corpus, modelFile, mountEmpty, tiny, writeSame } from './helpers.js';

describe('<adaptive-lm backend> on the real worker', () => {
  it('writes the same on WebGPU, moves when it is told to, and trains there', async () => {
    const element = await mountEmpty();
    element.backend = 'wasm';
    const file = await modelFile();
    expect((await element.load(file)).reason).to.deep.equal({ code: 'asked' });
    const text = await writeSame(element);
    const moves: string[] = [];
    element.addEventListener('adaptive-backend', ({ from, to, reason }) => moves.push(`${from} ${to} ${reason.code}`));
    element.backend = 'webgpu';
    expect(await writeSame(element)).to.equal(text);
    expect(moves).to.deep.equal(['wasm webgpu asked']);
    expect(element.model?.backend).to.equal('webgpu');
    const { progress } = await element.train(corpus, { ...tiny, epochs: 0.2 });
    expect(progress?.step).to.be.greaterThan(0);
    element.backend = 'auto';
    await element.load(file);
    expect(element.model?.reason).to.deep.equal({ code: 'small' });
    await checkAlive(element);
  });
});
