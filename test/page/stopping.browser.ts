/**
 * Stops that come from outside take effect within one token or one step. Tokens and steps are slow here, so that the
 * way of the message does not count; a page that was not scheduled in time gets another try, and one of many is enough: that
 * it can be done is what is claimed.
 */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm, TrainOptions } from '../../components/define.js';
import { languageModelLayout } from '../../core/parameters.js';
import { encodeModelFile } from '../../worker/files/model-file.js';
import { checkAlive, codeOf, corpus, endless, mount, mountEmpty, tinyShape } from './helpers.js';

const attempts = 20;

/** A model of several ms a token. Nobody has to train it: it draws among its letters at random. */
async function mountSlow(): Promise<AdaptiveLm> {
  const config = { ...tinyShape, hiddenSizes: [2048], vocabularySize: 5 };
  const parameters = new Float32Array(languageModelLayout(config).length);
  const tokenizer = { kind: 'characters', alphabet: 'abcd' } as const;
  const element = await mountEmpty();
  await element.load(new Blob([encodeModelFile({ config, tokenizer, parameters, title: '', validationLoss: null })]));
  return element;
}

/** About 100 ms a step, so that each step is told. */
const slowSteps: TrainOptions = { size: 'medium', batchSize: 32, segmentLength: 64, epochs: 1000 };

/** Tokens or steps that were done after the stop was asked for: the least of some attempts. */
async function overrun(attempt: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < attempts && least > 1; i++) least = Math.min(least, await attempt());
  return least;
}

describe('<adaptive-lm> stopped by a signal', () => {
  it('ends the writing within one token', async () => {
    const element = await mountSlow();
    const after = await overrun(async () => {
      const abort = new AbortController();
      let tokens = 0;
      element.addEventListener('adaptive-text', (event) => {
        if (abort.signal.aborted || event.tokens < 3) return;
        tokens = event.tokens;
        abort.abort();
      });
      const text = await element.write('', { signal: abort.signal, maxTokens: 5000 });
      return [...text].length - tokens;
    });
    expect(after).to.be.within(0, 1);
    await checkAlive(element);
  });

  it('ends the training within one step, and keeps what was learned', async () => {
    const element = await mountEmpty();
    const long = corpus.repeat(4);
    const after = await overrun(async () => {
      const abort = new AbortController();
      let steps = 0;
      element.addEventListener('adaptive-progress', ({ progress: { step } }) => {
        if (abort.signal.aborted) return;
        steps = step;
        abort.abort();
      });
      const { reason, progress } = await element.train(long, { ...slowSteps, signal: abort.signal });
      expect(reason).to.equal('stopped');
      return (progress?.step ?? Infinity) - steps;
    });
    expect(after).to.be.within(0, 1);
    expect(element.state).to.equal('ready');
    await checkAlive(element);
  });

  it('does not begin what was stopped before', async () => {
    const element = await mount();
    const model = element.model;
    const signal = AbortSignal.abort();
    expect(await element.write('The ', { signal })).to.equal('');
    expect(await codeOf(element.train(corpus, { ...endless, signal }))).to.equal('aborted');
    expect(element.state).to.equal('ready');
    expect(element.model).to.equal(model);
    await checkAlive(element);
  });

  it('takes no notice of a signal once the work is done', async () => {
    const element = await mount();
    const abort = new AbortController();
    await element.write('The ', { maxTokens: 3, signal: abort.signal });
    const next = element.write('The ', { maxTokens: 20 });
    abort.abort();
    expect(await next).to.have.lengthOf(20);
  });
});
