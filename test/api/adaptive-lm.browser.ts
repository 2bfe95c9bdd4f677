/** The class in a page, with the real worker. */
import { assert } from '@open-wc/testing';
import { AdaptiveException, AdaptiveLM, type CreateOptions } from '../../api/index.js';
import { rejection } from '../components/helpers.js';
import { corpus, endless, long, tiny } from './texts.js';

const shipped = '/models/shakespeare.safetensors';

async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown = await rejection(work);
  assert.instanceOf(thrown, DOMException);
  return thrown instanceof AdaptiveException ? `${thrown.name} ${thrown.cause.code}` : thrown.name;
}

describe('AdaptiveLM', () => {
  const made: AdaptiveLM[] = [];
  let file: Blob;
  before(async () => {
    const model = await AdaptiveLM.create();
    await model.train(corpus, { ...tiny, epochs: 60 }).result;
    file = await model.save();
    model.destroy();
  });
  afterEach(() => made.splice(0).forEach((each) => each.destroy()));

  async function create(options: CreateOptions = {}): Promise<AdaptiveLM> {
    const model = await AdaptiveLM.create({ temperature: 0, ...options });
    made.push(model);
    return model;
  }

  it('is downloadable, then downloading, then available, and tells how far', async () => {
    const src = `${shipped}?${Math.random()}`;
    assert.equal(await AdaptiveLM.availability(), 'available');
    assert.equal(await AdaptiveLM.availability({ src: 'http://[' }), 'unavailable');
    assert.equal(await AdaptiveLM.availability({ src }), 'downloadable');
    const loaded: number[] = [];
    const monitor = (target: EventTarget): void =>
      target.addEventListener('downloadprogress', (event) => {
        if ('loaded' in event && typeof event.loaded === 'number') loaded.push(event.loaded);
      });
    const creating = create({ src, monitor, seed: 5, temperature: 0.8 });
    assert.equal(await AdaptiveLM.availability({ src }), 'downloading');
    const model = await creating;
    assert.deepEqual([loaded[0], loaded.at(-1)], [0, 1]);
    assert.deepEqual(
      loaded,
      [...new Set(loaded)].sort((a, b) => a - b),
    );
    assert.include(['available', 'downloadable'], await AdaptiveLM.availability({ src })); // as the server lets it be kept
    assert.isAbove(model.model?.parameters ?? 0, 1e6);
    let text = '';
    for await (const piece of model.promptStreaming('ROMEO:', { maxTokens: 40 })) text += piece;
    assert.lengthOf(text, 40);
    assert.equal(model.contextUsage, 46);
  });

  it('writes in several sessions at once, clones while it writes, and is given up', async () => {
    const one = await create({ file });
    const abort = new AbortController();
    const endlessly = one.prompt('The clock', { ...long, signal: abort.signal });
    const cloning = one.clone();
    const other = one.prompt('The lamp', { maxTokens: 20 });
    await one.measureContextUsage('x');
    abort.abort();
    assert.equal(await refusal(endlessly), 'AbortError');
    const clone = await cloning;
    made.push(clone);
    assert.equal(clone.contextUsage, 0);
    assert.equal(await other, ' must be fed, and th');
    const [a, b] = await Promise.all([
      one.prompt('', { maxTokens: 12 }),
      clone.prompt('The lamp must be fed, and th', { maxTokens: 12 }),
    ]);
    assert.equal(a, b);
  });

  it('trains, and leaving the loop keeps what was learned', async () => {
    const model = await create();
    for await (const { step } of model.train(new File([corpus], 'lamp.txt'), endless)) if (step > 200) break;
    assert.isBelow((await model.evaluate(corpus)).loss, 1);
    const [first] = await model.score('The');
    assert.equal(first?.text, 'T');
  });

  it('says what is wrong by the names of the platform', async () => {
    const broken = new Blob([new Uint8Array(100)]);
    assert.equal(await refusal(create({ file: broken })), 'DataError model-file');
    assert.equal(await refusal(create({ src: '/no-such-file' })), 'NetworkError network');
    assert.equal(await refusal(create({ workerUrl: '/no-such-worker.js' })), 'OperationError worker');
    const misspelt: object = { sorce: shipped };
    assert.equal(await refusal(create(misspelt)), 'NotSupportedError invalid-option');
    const model = await create({ file });
    assert.equal(await refusal(model.import(broken)), 'DataError model-file');
    assert.equal(await model.prompt('The lamp', { maxTokens: 5 }), ' must');
  });

  it('ends its worker with the last session, also while it is busy', async () => {
    const one = await create({ file });
    const two = await one.clone();
    const writing = one.prompt('', long);
    one.destroy();
    assert.equal(await refusal(writing), 'AbortError aborted');
    assert.equal(await two.prompt('The lamp', { maxTokens: 5 }), ' must');
    const training = two.train(corpus, endless);
    two.destroy();
    assert.equal(await refusal(training.result), 'AbortError aborted');
    assert.equal(await refusal(two.prompt('')), 'InvalidStateError destroyed');
  });

  it('uses a worker that is handed in, and leaves it', async () => {
    const worker = new Worker(new URL('../../worker/worker.js', import.meta.url), { type: 'module' });
    const model = await create({ worker, file });
    assert.equal(await model.prompt('The lamp', { maxTokens: 5 }), ' must');
    model.destroy();
    worker.terminate();
  });

  it('creation is given up at once', async () => {
    const abort = new AbortController();
    const monitor = (target: EventTarget): void =>
      target.addEventListener('downloadprogress', () => abort.abort(new DOMException('no patience', 'TimeoutError')));
    const creating = create({ src: shipped, monitor, signal: abort.signal });
    assert.equal(await refusal(creating), 'TimeoutError');
  });
});
