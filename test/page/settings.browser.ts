/** Settings out of their range, as attributes, in fields and as options: each is refused by its name and its range. */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm, TrainOptions, WriteOptions } from '../../components/define.js';
import { button, find, settled, type } from '../components/helpers.js';
import {
  checkAlive,
  checkShown,
  corpus,
  modelFile,
  mount,
  mountEmpty,
  nextError,
  reached,
  refuses,
  tiny,
  tinyShape,
  writeSame,
} from './helpers.js';

/** Attribute, name in the message, its range there, and values out of it. */
const attributes: readonly (readonly [attribute: string, field: string, range: RegExp, values: string[]])[] = [
  ['temperature', 'temperature', /from 0 to 100/, ['', 'hot', 'NaN', '-1', '1e9', 'Infinity']],
  ['max-tokens', 'maxTokens', /from 0 to 1,000,000/, ['', 'many', '-1', '2.5', '1e12']],
  ['top-k', 'topK', /from 0 to 1,000,000/, ['x', '-1', '0.5', '1e300']],
  ['top-p', 'topP', /from 0\.000001 to 1/, ['x', '0', '-0.5', '1.01']],
  ['seed', 'seed', /from 0 to 4,294,967,295/, ['', 'x', '-1', '1.5', '4294967296']],
];

const writing: readonly (readonly [field: string, options: WriteOptions])[] = [
  ['temperature', { temperature: NaN }],
  ['temperature', { temperature: -0.1 }],
  ['maxTokens', { maxTokens: Infinity }],
  ['maxTokens', { maxTokens: -5 }],
  ['topK', { topK: 1e18 }],
  ['topP', { topP: NaN }],
  ['seed', { seed: -1 }],
  ['stop', { stop: [''] }],
  ['stop', { stop: new Array<string>(17).fill('x') }],
  ['warmth', Object.assign({ temperature: 1 }, { warmth: 1 })],
];

const training: readonly (readonly [field: string, options: TrainOptions])[] = [
  ['learningRate', { learningRate: NaN }],
  ['learningRate', { learningRate: -0.001 }],
  ['learningRate', { learningRate: 1e9 }],
  ['batchSize', { batchSize: 0 }],
  ['batchSize', { batchSize: -4 }],
  ['batchSize', { batchSize: 2.5 }],
  ['batchSize', { batchSize: 1e9 }],
  ['epochs', { epochs: NaN }],
  ['epochs', { epochs: 0 }],
  ['epochs', { epochs: -1 }],
  ['epochs', { epochs: 1e18 }],
  ['segmentLength', { segmentLength: 0 }],
  ['segmentLength', { segmentLength: 1e7 }],
  ['segmentLength', { segmentLength: NaN }],
  ['validationFraction', { validationFraction: 0.9 }],
  ['dropout.hidden', { dropout: { hidden: 1 } }],
  ['seed', { seed: -1 }],
  ['momentum', Object.assign({ epochs: 1 }, { momentum: 1 })],
];

async function clickWrite(element: AdaptiveLm): Promise<void> {
  button(element, 'Write').click();
  await settled(element);
}

describe('<adaptive-lm> with bad settings', () => {
  for (const [attribute, field, range, values] of attributes) {
    it(`refuses ${attribute}=${values.map((value) => JSON.stringify(value)).join(', ')}`, async () => {
      const element = await mount();
      const text = await writeSame(element);
      const { model } = element;
      for (const value of values) {
        element.setAttribute(attribute, value);
        const error = nextError(element);
        await clickWrite(element);
        const { code, message } = await error;
        await settled(element);
        expect(code, message).to.equal('invalid-option');
        checkShown(element, await error, [`, ${field}: expected`, range, ', got ']);
        expect(element.text).to.equal(text);
        expect(element.model).to.equal(model);
      }
      element.removeAttribute(attribute);
      element.maxTokens = Math.min(element.maxTokens, 9);
      await clickWrite(element);
      await reached(element, 'ready');
      await checkAlive(element);
    });
  }

  it('refuses options of write() by name', async () => {
    const element = await mount();
    const text = await writeSame(element);
    for (const [field, options] of writing) {
      await refuses(element, () => element.write('The ', options), 'invalid-option', field);
    }
    const long = 'x'.repeat(1_000_001);
    await refuses(element, () => element.write(long), 'invalid-option', 'prompt', /1,000,000 characters/);
    expect(await writeSame(element)).to.equal(text);
    await checkAlive(element);
  });

  it('refuses options of train() by name', async () => {
    const element = await mount();
    const text = await writeSame(element);
    for (const [field, options] of training) {
      await refuses(element, () => element.train(corpus, { ...tiny, ...options }), 'invalid-option', field);
    }
    const deep = { ...tinyShape, hiddenSizes: new Array<number>(17).fill(8) };
    await refuses(element, () => element.train(corpus, { ...tiny, size: deep }), 'model-config', /at most 16/);
    expect(await writeSame(element)).to.equal(text);
    await checkAlive(element);
  });

  it('says so when a run would need more memory than there is', async () => {
    const element = await mount();
    const text = await writeSame(element);
    const huge = { ...tiny, size: { ...tinyShape, embeddingSize: 1024 }, batchSize: 2000, segmentLength: 4096 };
    await refuses(element, () => element.train(corpus, huge), 'memory', /at most \d+ MiB/, /smaller batch/);
    expect(await writeSame(element)).to.equal(text);
    await checkAlive(element);
  });

  it('refuses what is typed into the fields of the form', async () => {
    const element = await mountEmpty();
    await element.load(await modelFile());
    type(find<HTMLTextAreaElement>(element, '[part="corpus"]'), corpus);
    find<HTMLDetailsElement>(element, 'details').open = true;
    for (const [id, value, field] of [
      ['#epochs', '1e7', 'epochs'],
      ['#learning-rate', '11', 'learningRate'],
    ] as const) {
      type(find<HTMLInputElement>(element, id), value);
      await settled(element);
      const error = nextError(element);
      button(element, 'Start training').click();
      const thrown = await error;
      await settled(element);
      checkShown(element, thrown, [field]);
      type(find<HTMLInputElement>(element, id), '');
    }
    await checkAlive(element);
  });
});
