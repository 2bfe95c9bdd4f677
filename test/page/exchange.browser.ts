/** Models to other tools and from them, through the real worker; what does that is fetched when it is first wanted. */
import { expect } from '@open-wc/testing';
import { writeSafetensors } from '../../worker/files/safetensors.js';
import { settled } from '../components/helpers.js';
import { plainTensors } from '../files/pytorch/state-dicts.js';
import { checkAlive, codeOf, mount, mountEmpty, nextError, tinyRun, corpus, writeSame } from './helpers.js';

const lstm = (vocabulary: number) =>
  new Blob([writeSafetensors({ tensors: plainTensors({ vocabulary, embedding: 6, hidden: [9, 7] }) })]);

describe('<adaptive-lm> and other tools', () => {
  it('hands a model to PyTorch, takes it back, and it writes the same', async () => {
    const element = await mount();
    const text = await writeSame(element);
    const file = await element.export('pytorch');
    const other = await mountEmpty();
    await other.load(file);
    expect(await writeSame(other)).to.equal(text);
    expect(other.model).to.deep.include({ config: element.model?.config, title: element.model?.title });
    expect(await (await other.save()).arrayBuffer()).to.deep.equal(await (await element.save()).arrayBuffer());
  });

  it('hands out an ONNX file', async () => {
    const element = await mount();
    const bytes = new Uint8Array(await (await element.export('onnx')).arrayBuffer());
    expect([...bytes.subarray(0, 2)], 'version 7 of the format').to.deep.equal([0x08, 7]);
    const parameters = element.model?.parameters ?? NaN;
    expect(bytes.byteLength).to.be.within(4 * parameters, 4 * parameters + 20_000);
    await checkAlive(element);
  });

  it('hands out smaller files, and refuses what a format does not have', async () => {
    const element = await mount();
    const sizes = new Map<string, number>();
    for (const precision of ['f32', 'f16', 'int8'] as const) {
      const file = await element.export('safetensors', { precision });
      sizes.set(precision, file.size);
      const other = await mountEmpty();
      expect((await other.load(file)).precision).to.equal(precision);
    }
    const parameters = element.model?.parameters ?? NaN;
    const saved = (sizes.get('f32') ?? 0) - (sizes.get('f16') ?? 0);
    expect(saved).to.be.within(1.9 * parameters, 2.1 * parameters);
    expect(sizes.get('int8')).to.be.lessThan(sizes.get('f16') ?? 0);
    expect(await codeOf(element.export('pytorch', { precision: 'int8' }))).to.equal('invalid-option');
    await checkAlive(element);
  });

  it('opens an LSTM of PyTorch, which goes on learning', async () => {
    const element = await mountEmpty();
    await element.load(lstm(256));
    expect(element.model?.tokenizer).to.equal('bytes');
    const { reason } = await element.train(corpus, { ...tinyRun, continue: true });
    expect(reason).to.equal('finished');
    await checkAlive(element);
  });

  it('says what it needs to know, and takes that along', async () => {
    const element = await mountEmpty();
    const error = nextError(element);
    expect(await codeOf(element.load(lstm(5)))).to.equal('model-config');
    expect((await error).message).to.match(/5 tokens.*tokenizer\.json/);
    await element.load(lstm(5), { tokenizer: new Blob(['["a","b","c","d"," "]']) });
    await settled(element);
    expect(await element.write('abc', { maxTokens: 30 })).to.match(/^[abcd ]{30}$/);
  });

  it('has nothing to export while there is no model', async () => {
    const element = await mountEmpty();
    expect(await codeOf(element.export('onnx'))).to.equal('no-model');
  });
});
