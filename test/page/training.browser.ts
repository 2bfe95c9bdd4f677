/** From a pasted text to a model that writes in its manner, by the fields and buttons of the page. */
import { aTimeout, expect } from '@open-wc/testing';
import type { AdaptiveLm, TrainOptions } from '../../components/define.js';
import type { LossChart } from '../../components/loss-chart.js';
import type { TrainingProgress } from '../../core/protocol.js';
import { button, find, settled, type } from '../components/helpers.js';
import { corpus, endless, mount, mountEmpty, next, reached, tiny, tinyRun, writeSame } from './helpers.js';

/** 60 characters that occur in `corpus` from some place on. */
const manner = 'The lamp must be fed, and the clock must be wound. '.repeat(4);

async function fillIn(element: AdaptiveLm, text: string, epochs: number, learningRate: number): Promise<void> {
  type(find<HTMLTextAreaElement>(element, '[part="corpus"]'), text);
  find<HTMLDetailsElement>(element, 'details').open = true;
  type(find<HTMLInputElement>(element, '#epochs'), String(epochs));
  type(find<HTMLInputElement>(element, '#learning-rate'), String(learningRate));
  await settled(element);
}

function runText(element: AdaptiveLm): string {
  return find(element, 'adaptive-lm-training-run').shadowRoot?.textContent ?? '';
}

describe('<adaptive-lm> learns', () => {
  it('a pasted text, shows how, and then writes in its manner', async () => {
    const element = await mountEmpty();
    const all: TrainingProgress[] = [];
    const samples: string[] = [];
    element.addEventListener('adaptive-progress', ({ progress }) => all.push(progress));
    element.addEventListener('adaptive-sample', ({ text }) => {
      samples.push(text);
      if (samples.length === 1) element.pauseTraining(); // the run is short, and there is something to look at
    });
    await fillIn(element, corpus, 40, 0.01);
    button(element, 'Start training').click();
    await reached(element, 'paused');
    await settled(element);
    expect(runText(element)).to.match(/Step \d+ of 120/);
    expect(runText(element)).to.match(/\d s left/);
    expect(find(element, '[part="sample"]').textContent).to.equal(samples.at(-1));
    element.resumeTraining();
    await reached(element, 'ready');
    await settled(element);
    expect(runText(element)).to.contain('Step 120 of 120');

    const [first, last] = [all[0], all.at(-1)];
    if (!first || !last) throw new Error('There was no progress.');
    expect(all.length).to.be.greaterThan(1);
    all.slice(1).forEach(({ step }, i) => expect(step).to.be.at.least(all[i]?.step ?? Infinity));
    expect([last.step, last.totalSteps, last.secondsLeft]).to.deep.equal([120, 120, 0]);
    expect(first.secondsLeft).to.be.greaterThan(0);
    expect(last.loss).to.be.lessThan(0.5 * first.loss);
    all.forEach(({ tokensPerSecond }) => expect(tokensPerSecond).to.be.within(100, 1e7));
    expect(last.bestValidationLoss).to.be.lessThan(1.5);
    expect(element.model?.validationLoss).to.equal(last.bestValidationLoss);
    expect(find<LossChart>(element, 'adaptive-lm-chart').validation).to.have.lengthOf(6);
    expect(samples).to.have.lengthOf(6);
    expect(samples.at(-1)).to.have.lengthOf(200);

    element.temperature = 0;
    element.maxTokens = 50;
    button(element, 'Write').click();
    await reached(element, 'writing');
    await reached(element, 'ready');
    expect(element.text).to.have.lengthOf(50);
    expect(manner).to.contain(element.text.trim().slice(0, 25));
  });

  it('pauses, goes on and stops by its buttons, and keeps what it has learned', async () => {
    const element = await mountEmpty();
    const steps: number[] = [];
    element.addEventListener('adaptive-progress', ({ progress }) => steps.push(progress.step));
    const work = element.train(corpus, endless);
    await next(element, 'adaptive-progress');
    await settled(element);
    button(element, 'Pause').click();
    await reached(element, 'paused');
    await settled(element);
    const held = steps.at(-1) ?? 0;
    expect(held).to.be.greaterThan(0);
    await aTimeout(250);
    expect(steps.at(-1)).to.equal(held);
    button(element, 'Resume').click();
    await reached(element, 'training');
    await next(element, 'adaptive-progress');
    await settled(element);
    expect(steps.at(-1)).to.be.greaterThan(held);
    button(element, 'Stop').click();
    const result = await work;
    expect(result.reason).to.equal('stopped');
    expect(result.progress?.step).to.be.at.least(steps.at(-1) ?? Infinity);
    expect(element.state).to.equal('ready');
    expect(element.model).to.equal(result.model);
    expect(await element.write('', { maxTokens: 7 })).to.have.lengthOf(7);
  });

  it('stops out of a pause', async () => {
    const element = await mountEmpty();
    const work = element.train(corpus, endless);
    await next(element, 'adaptive-progress');
    element.pauseTraining();
    await reached(element, 'paused');
    element.stopTraining();
    expect((await work).reason).to.equal('stopped');
    expect(element.state).to.equal('ready');
  });

  it('stops before it has begun, and then has no model', async () => {
    const element = await mountEmpty();
    const work = element.train(corpus, endless);
    element.stopTraining();
    const { reason, progress } = await work;
    expect([reason, progress]).to.deep.equal(['stopped', null]);
    expect(element.model).to.equal(null);
    expect(element.state).to.equal('empty');
  });

  it('goes on with the model that it has, from where that was', async () => {
    const element = await mountEmpty();
    const first = await element.train(corpus, { ...tiny, epochs: 30 });
    const second = await element.train(corpus, { ...tinyRun, epochs: 1, continue: true });
    expect(first.progress?.loss).to.be.lessThan(0.5);
    expect(second.progress?.smoothLoss).to.be.lessThan(1);
    expect(element.model?.parameters).to.equal(first.model?.parameters);
  });

  it('says when a run comes apart, and keeps the last good weights', async () => {
    const element = await mountEmpty();
    await element.train(corpus, { ...tiny, epochs: 30 });
    const before = element.model?.validationLoss;
    const { reason, message } = await element.train(corpus, {
      ...tinyRun,
      continue: true,
      learningRate: 10,
      clip: 0,
      schedule: { kind: 'constant' },
      epochs: 1000,
    });
    expect(reason).to.equal('diverged');
    expect(message).to.match(/lower learning rate/i);
    expect(element.state).to.equal('error');
    expect(element.model?.validationLoss).to.be.at.most(before ?? 0);
    const text = await element.write('The ', { temperature: 0, maxTokens: 40 });
    expect(manner).to.contain(text.slice(0, 20));
  });

  it('keeps the model that it had when a new one comes apart before it has learned anything', async () => {
    const element = await mount();
    const text = await writeSame(element);
    const wild: TrainOptions = {
      ...tiny,
      learningRate: 10,
      clip: 0,
      schedule: { kind: 'constant' },
      validateEvery: 1e6,
    };
    const { reason, model } = await element.train(corpus, { ...wild, epochs: 1000 });
    await settled(element);
    expect(reason).to.equal('diverged');
    expect(element.state).to.equal('error');
    expect(element.model).to.equal(model);
    expect(await writeSame(element)).to.equal(text);
  });

  it('learns the shortest text that it accepts, and a text of one letter', async () => {
    const element = await mountEmpty();
    expect((await element.train(corpus.slice(0, 100), { epochs: 2 })).reason).to.equal('finished');
    expect((await element.train('x'.repeat(400), { epochs: 40 })).progress?.loss).to.be.lessThan(0.1);
    expect(await element.write('x', { temperature: 0, maxTokens: 9 })).to.equal('xxxxxxxxx');
  });
});
