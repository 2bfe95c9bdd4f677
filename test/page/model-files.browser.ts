/** Files that are no model of ours: refused with what they are and what to do, and the model that was there stays. */
import { expect, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import type { ErrorCode } from '../../core/errors.js';
import { button, settled } from '../components/helpers.js';
import { latin1 } from '../files/raw.js';
import { checkAlive, checkShown, modelFile, mount, nextError, reached, refuses, writeSame } from './helpers.js';
import { putTogether, takeApart, withEntry, type ModelParts } from './model-parts.js';

function bytes(text: string, rest = 5000): Blob {
  return new Blob([new Uint8Array(latin1(text)), new Uint8Array(rest)]);
}

const page = '<!doctype html><html><head><title>404 Not Found</title></head><body>Not found</body></html>';

type Saying = readonly (string | RegExp)[];

const foreign: readonly (readonly [name: string, file: Blob, Saying])[] = [
  ['nothing', new Blob(), ['empty (0 bytes)', /again/]],
  ['a PNG image', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), ['a PNG image', '.safetensors']],
  ['a GGUF model', bytes('GGUF\x03\0\0\0'), ['GGUF', '.safetensors']],
  ['a pickle', bytes('\x80\x02}q\0X\x05\0\0\0'), ['pickle', 'can run code']],
  ['a PyTorch checkpoint', bytes('PK\x03\x04\0\0\x08\x08archive/data.pkl'), ['PyTorch', 'Convert it']],
  ['a ZIP archive', bytes('PK\x03\x04\x14\0\0\0\x08\0letters.txt'), ['ZIP', 'Unpack']],
  ['a web page', new Blob([page]), ['web page', 'check the address']],
  ['a text', new Blob(['The lamp must be fed. '.repeat(20)]), ['is text', 'training text']],
];

type Damage = (parts: ModelParts) => Blob;

const damaged: readonly (readonly [name: string, damage: Damage, Saying, ErrorCode?])[] = [
  ['a header of 2^60 bytes', (parts) => putTogether(parts, 2n ** 60n), [/1,152,921,504,606,846,976/, /100,000,000/]],
  ['a file cut off in its header', (parts) => putTogether(parts).slice(0, 200), [/ends early/, /again/]],
  ['a file cut off in its data', (parts) => putTogether(parts).slice(0, -4), [/holds only [\d,]+ bytes/, /again/]],
  ['bytes after the end', (parts) => new Blob([putTogether(parts), 'x']), [/bytes of data/, /again/]],
  [
    'tensors that overlap',
    (parts) =>
      putTogether(withEntry(parts, 1, ({ data_offsets }) => ({ data_offsets: data_offsets.map((at) => at - 4) }))),
    [/overlap/, /again/],
  ],
  [
    'a tensor beyond the end',
    ({ entries, ...parts }) =>
      putTogether({
        ...parts,
        entries: [...entries, ['far', { dtype: 'F32', shape: [1], data_offsets: [2e9, 2e9 + 4] }]],
      }),
    [/2,000,000,000 to 2,000,000,004/, /holds only/, /again/],
  ],
  [
    'offsets below zero',
    (parts) => putTogether(withEntry(parts, 0, () => ({ data_offsets: [-8, -4] }))),
    [/data_offsets/, /again/],
  ],
  [
    'a tensor that is there twice',
    (parts) => putTogether({ ...parts, entries: [...parts.entries, ...parts.entries.slice(0, 1)] }),
    [/twice/],
  ],
  [
    'a tensor of another shape',
    (parts) => putTogether(withEntry(parts, 1, ({ shape }) => ({ shape: [...shape].reverse() }))),
    [/should have the shape/, /again/],
  ],
  [
    'weights that are no numbers',
    ({ data, ...parts }) => {
      const copy = data.slice();
      new DataView(copy.buffer).setFloat32(0, NaN, true);
      return putTogether({ ...parts, data: copy });
    },
    [/NaN/, /1 weights? of/],
  ],
  ['a file without our mark', (parts) => putTogether({ ...parts, metadata: {} }), [/not an adaptive-lm model/]],
  ['a later version', (parts) => putTogether(changed(parts, { version: '2' })), [/version 2/, /up to 1/, /Update/]],
  [
    'an impossible configuration',
    (parts) => putTogether(changed(parts, { config: '{"cell":"lstm","vocabularySize":-1}' })),
    [/Model configuration/],
    'model-config',
  ],
  [
    'a tokenizer of another model',
    (parts) => putTogether(changed(parts, { tokenizer: '{"kind":"bytes"}' })),
    [/256 tokens/],
    'model-config',
  ],
];

function changed({ metadata, ...parts }: ModelParts, change: Record<string, string>): ModelParts {
  return { ...parts, metadata: { ...metadata, ...change } };
}

/** Both ways in: by load(), and as the `src` of an element that has a model. */
async function refusesFile(file: Blob, saying: Saying, code: ErrorCode = 'model-file'): Promise<void> {
  const element = await mount();
  const text = await writeSame(element);
  await refuses(element, () => element.load(file), code, ...saying);
  expect(await writeSame(element)).to.equal(text);
  const src = URL.createObjectURL(file);
  await refusesSrc(element, src, code, saying);
  URL.revokeObjectURL(src);
  expect(await writeSame(element)).to.equal(text);
  await checkAlive(element);
}

async function refusesSrc(element: AdaptiveLm, src: string, code: ErrorCode, saying: Saying): Promise<void> {
  const { model, text } = element;
  const error = nextError(element);
  element.src = src;
  const thrown = await error;
  await settled(element);
  expect(thrown.code, thrown.message).to.equal(code);
  checkShown(element, thrown, saying);
  expect(element.model).to.equal(model);
  expect(element.text).to.equal(text);
}

describe('<adaptive-lm> given a model file that is none', () => {
  for (const [name, file, saying] of foreign) {
    it(`refuses ${name}`, () => refusesFile(file, saying));
  }
  for (const [name, damage, saying, code] of damaged) {
    it(`refuses ${name}`, async () => refusesFile(damage(await takeApart(await modelFile())), saying, code));
  }

  it('refuses more than it can read, by the limit and without reading it', async () => {
    const element = await mount();
    const text = await writeSame(element);
    const piece = new Blob([new Uint8Array(2 ** 20)]);
    const file = new Blob(new Array<Blob>(3000).fill(piece));
    const read = (): never => expect.fail('it was read');
    Object.assign(file, { arrayBuffer: read, bytes: read, slice: read, stream: read, text: read });
    await refuses(element, () => element.load(file), 'model-file', '1 GiB');
    expect(await writeSame(element)).to.equal(text);
  });

  it('takes the same file when nothing is wrong with it', async () => {
    const element = await mount();
    await element.load(putTogether(await takeApart(await modelFile())));
    await checkAlive(element);
  });
});

describe('<adaptive-lm> with a src that cannot be fetched', () => {
  it('says so, keeps its model, and takes a better src', async () => {
    const element = await mount();
    const text = await writeSame(element);
    await refusesSrc(element, '/no-such-model.safetensors', 'network', [/404/, /Check the address/]);
    await refusesSrc(element, 'http://127.0.0.1:9/model.safetensors', 'network', [/127\.0\.0\.1:9/, /connection/]);
    await refusesSrc(element, 'http://[', 'network', [/no address/]);
    expect(await writeSame(element)).to.equal(text);
    const src = URL.createObjectURL(await modelFile());
    element.src = src;
    await reached(element, 'loading');
    await reached(element, 'ready');
    expect(await writeSame(element)).to.equal(text);
  });

  it('follows the last of several, and says nothing of the others', async () => {
    const element = await mount();
    const parts = await takeApart(await modelFile());
    const errors: string[] = [];
    element.addEventListener('adaptive-error', ({ error }) => errors.push(error.message));
    const loaded = new Promise<void>((resolve) =>
      element.addEventListener('adaptive-model', ({ model }) => {
        if (model.title === 'last') resolve();
      }),
    );
    for (const title of ['first', 'second', 'last']) {
      element.src = URL.createObjectURL(putTogether(changed(parts, { title })));
      await element.updateComplete;
    }
    await loaded;
    await settled(element);
    expect(element.model?.title).to.equal('last');
    expect(errors).to.deep.equal([]);
    await checkAlive(element);
  });

  it('can be asked to load it again', async () => {
    const element = await fixture<AdaptiveLm>(html`<adaptive-lm src="/no-such-model.safetensors"></adaptive-lm>`);
    await reached(element, 'error');
    await settled(element);
    const error = nextError(element);
    button(element, 'Load again').click();
    expect((await error).code).to.equal('network');
    expect(element.model).to.equal(null);
    expect((await element.load(await modelFile())).backend).to.equal('wasm');
    await checkAlive(element);
  });

  it('writes with the model of its src when it is asked at once', async () => {
    const src = URL.createObjectURL(await modelFile());
    const element = document.createElement('adaptive-lm');
    element.src = src;
    document.body.append(element);
    expect(await element.write('The ', { maxTokens: 5 })).to.have.lengthOf(5);
    await settled(element);
    expect(element.state).to.equal('ready');
    element.remove();
  });
});
