/** The same seed does the same: writing to the letter, training to the last bit. */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm, TrainOptions } from '../../components/define.js';
import type { LossChart } from '../../components/loss-chart.js';
import { find, settled } from '../components/helpers.js';
import { corpus, mount, mountEmpty, tiny, tinyRun } from './helpers.js';

const careful: TrainOptions = {
  ...tiny,
  threads: 0,
  epochs: 4,
  validateEvery: 20,
  sampleEvery: 20,
  dropout: { embedding: 0.1, input: 0.1, hidden: 0.2, latent: 0.1, output: 0.2 },
  variableSegments: true,
};

/** All that a run leaves behind, exactly. */
async function run(element: AdaptiveLm, options: TrainOptions): Promise<unknown> {
  const samples: string[] = [];
  element.addEventListener('adaptive-sample', ({ text }) => samples.push(text));
  const { progress } = await element.train(corpus, options);
  await settled(element);
  const { validation } = find<LossChart>(element, 'adaptive-lm-chart');
  const file = await element.save();
  const weights = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())).toString();
  const { step, loss, smoothLoss, gradientNorm, validationLoss } = progress ?? {};
  return { step, loss, smoothLoss, gradientNorm, validationLoss, validation, samples, weights };
}

describe('<adaptive-lm> with a seed', () => {
  it('writes the same text each time, and another with another seed', async () => {
    const [one, other] = [await mount(), await mount()];
    const write = (element: AdaptiveLm, seed: number) =>
      element.write('The ', { seed, temperature: 2, maxTokens: 200 });
    const text = await write(one, 11);
    expect(await write(one, 11)).to.equal(text);
    expect(await write(other, 11)).to.equal(text);
    expect(await write(one, 12)).not.to.equal(text);
    one.setAttribute('seed', '11');
    expect(await one.write('The ', { temperature: 2, maxTokens: 200 })).to.equal(text);
    one.removeAttribute('seed');
    const drawn = [await one.write('The ', { temperature: 2 }), await one.write('The ', { temperature: 2 })];
    expect(drawn[0]).not.to.equal(drawn[1]);
  });

  it('goes on in the same way in two parts as in one', async () => {
    const element = await mount();
    const options = { seed: 4, temperature: 1.5 };
    const whole = await element.write('The ', { ...options, maxTokens: 60 });
    const first = await element.write('The ', { ...options, maxTokens: 25 });
    const rest = await element.write('', { ...options, maxTokens: 35, keepState: true });
    expect(first + rest).to.equal(whole);
    expect(element.text).to.equal(whole);
  });

  it('trains the same model to the last bit, and another with another seed', async () => {
    const one = await run(await mountEmpty(), { ...careful, seed: 7 });
    expect(await run(await mountEmpty(), { ...careful, seed: 7 })).to.deep.equal(one);
    expect(await run(await mount(), { ...careful, seed: 7 })).to.deep.equal(one);
    expect(await run(await mountEmpty(), { ...careful, seed: 8 })).not.to.deep.equal(one);
  });

  it('trains the same model on several threads, one run after the other', async () => {
    const element = await mountEmpty();
    const losses = new Set<unknown>();
    for (let i = 0; i < 8; i++) {
      const first = await element.train(corpus, { ...tiny, threads: 0, epochs: 2 });
      const second = await element.train(corpus, { ...tinyRun, threads: 0, epochs: 1, continue: true });
      losses.add([first, second].map(({ progress }) => progress?.loss).join());
    }
    expect([...losses]).to.have.lengthOf(1);
  });

  it('trains the same model when it is paused on the way', async () => {
    const options = { ...careful, epochs: 12 };
    const straight = await run(await mountEmpty(), options);
    const element = await mountEmpty();
    let pauses = 0;
    element.addEventListener('adaptive-progress', () => {
      if (pauses < 2) element.pauseTraining();
    });
    element.addEventListener('adaptive-state', ({ state }) => {
      if (state !== 'paused') return;
      pauses++;
      setTimeout(() => element.resumeTraining(), 30);
    });
    expect(await run(element, options)).to.deep.equal(straight);
    expect(pauses).to.be.greaterThan(0);
  });
});
