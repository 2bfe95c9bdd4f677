/** A model that was trained in the page, saved and opened elsewhere: it writes the same to the letter. */
import { expect, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { button, find, settled } from '../components/helpers.js';
import { checkAlive, corpus, mountEmpty, reached, tiny, tinyRun } from './helpers.js';

/** What a model writes, without and with chance. */
async function samples(element: AdaptiveLm): Promise<string[]> {
  return [
    await element.write('The ', { temperature: 0, seed: 5, maxTokens: 80 }),
    // So long that weights which were rounded would be found out.
    await element.write('The ', { temperature: 3, topK: 20, topP: 0.99, seed: 5, maxTokens: 10_000 }),
  ];
}

async function trained(): Promise<AdaptiveLm> {
  const element = await mountEmpty();
  await element.train(corpus, { ...tiny, epochs: 8 });
  return element;
}

describe('<adaptive-lm> saves and opens', () => {
  it('a model that writes the same in a second element', async () => {
    const first = await trained();
    const file = await first.save();
    const second = await mountEmpty();
    await second.load(file);
    expect(await samples(second)).to.deep.equal(await samples(first));
    expect(second.model).to.deep.include({
      config: first.model?.config,
      parameters: first.model?.parameters,
      validationLoss: first.model?.validationLoss,
    });
    const again = await second.save();
    expect(await again.arrayBuffer()).to.deep.equal(await file.arrayBuffer());
    await second.train(corpus, { ...tinyRun, continue: true, epochs: 1 });
    await checkAlive(second);
  });

  it('by the Open… field, and by src', async () => {
    const first = await trained();
    const file = new File([await first.save()], 'mine.safetensors');
    const texts = await samples(first);
    const second = await mountEmpty();
    const input = find<HTMLInputElement>(second, 'adaptive-lm-header').shadowRoot?.querySelector('input');
    const chosen = new DataTransfer();
    chosen.items.add(file);
    if (!input) throw new Error('There is no field for a model file.');
    input.files = chosen.files;
    input.dispatchEvent(new Event('change'));
    await reached(second, 'loading');
    await reached(second, 'ready');
    expect(await samples(second)).to.deep.equal(texts);
    const src = URL.createObjectURL(file);
    const third = await fixture<AdaptiveLm>(html`<adaptive-lm src=${src}></adaptive-lm>`);
    await reached(third, 'ready');
    expect(await samples(third)).to.deep.equal(texts);
  });

  it('has nothing to save while there is no model, and says so', async () => {
    const element = await mountEmpty();
    expect(button(element, 'Save…').disabled).to.equal(true);
    const thrown = await element.save().catch((error: unknown) => error);
    await settled(element);
    expect(thrown).to.have.property('code', 'no-model');
    expect(element.state).to.equal('error');
    await checkAlive(element);
  });
});
