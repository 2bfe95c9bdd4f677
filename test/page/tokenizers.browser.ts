/** Parts of words and whole words, from the form to the file: chosen, learned, written with, saved and loaded. */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { alertText, button, find, findAll, settled, type } from '../components/helpers.js';
import { corpus, mountEmpty, reached, tiny, tinyRun } from './helpers.js';

function notice(element: AdaptiveLm): string {
  return element.shadowRoot
    ? findAll(element.shadowRoot, '[part="notice"]')
        .map((e) => e.textContent)
        .join()
    : '';
}

function choose(element: AdaptiveLm, kind: string): void {
  const select = find<HTMLSelectElement>(element, '#tokenizer');
  select.value = kind;
  select.dispatchEvent(new Event('change'));
}

describe('<adaptive-lm> with parts of words', () => {
  it('learns them as the form says, and how many', async () => {
    const element = await mountEmpty();
    type(find<HTMLTextAreaElement>(element, '[part="corpus"]'), corpus);
    find<HTMLDetailsElement>(element, 'details:has(#tokenizer)').open = true;
    choose(element, 'bpe');
    await settled(element);
    type(find<HTMLInputElement>(element, '#vocabulary'), '600');
    const epochs = find<HTMLInputElement>(element, '#epochs');
    type(epochs, '1');
    await settled(element);
    button(element, 'Start training').click();
    await reached(element, 'training');
    await reached(element, 'ready');
    expect(element.model?.tokenizer).to.equal('bpe');
    // What occurs once in the text has no part of its own.
    expect(element.model?.config.vocabularySize).to.be.within(280, 600);
  });

  it('shows whole characters only, and writes the same from its file', async () => {
    const element = await mountEmpty();
    const text = 'Die Lampe, 灯台守, muß 🦓 brennen; ночь. '.repeat(60);
    await element.train(text, { ...tiny, epochs: 40, tokenizer: { kind: 'bpe', vocabularySize: 512 } });
    const shown: string[] = [];
    element.addEventListener('adaptive-text', (event) => shown.push(event.text));
    const options = { temperature: 0, maxTokens: 60, stop: [] };
    const written = await element.write('Die Lampe,', options);
    expect(shown.join('')).to.equal(written);
    expect(written).to.contain('🦓').and.to.contain('ночь');
    for (const piece of shown) expect(piece).not.to.contain('\ufffd');
    const other = await mountEmpty();
    await other.load(await element.save());
    expect(other.model?.tokenizer).to.equal('bpe');
    expect(await other.write('Die Lampe,', options)).to.equal(written);
  });

  it('says what a vocabulary may be', async () => {
    const element = await mountEmpty();
    type(find<HTMLTextAreaElement>(element, '[part="corpus"]'), corpus);
    const error = await element
      .train(corpus, { ...tiny, tokenizer: { kind: 'bpe', vocabularySize: 100 } })
      .then(() => null, String);
    expect(error).to.match(/vocabularySize: expected a whole number from 512 to 32,768, got 100/);
    await settled(element);
    expect(alertText(element)).to.contain('512');
  });
});

describe('<adaptive-lm> with words', () => {
  it('puts spaces between them, also where it goes on, and says which it does not know', async () => {
    const element = await mountEmpty();
    await element.train(`${corpus}\n`, { ...tiny, epochs: 60, tokenizer: 'words' });
    expect(element.model?.config.vocabularySize).to.equal(10 + 2 - 1);
    const written = await element.write('The lamp', { temperature: 0, maxTokens: 4 });
    expect(written).to.equal(' must be fed, and');
    const more = await element.write('', { temperature: 0, maxTokens: 3, keepState: true });
    expect(more).to.equal(' the clock must');
    await element.write('The whale must', { maxTokens: 3 });
    await settled(element);
    expect(notice(element)).to.match(/\b1 of the prompt’s words/);
    await element.train(`${corpus} white whale`, { ...tinyRun, continue: true, epochs: 1 });
    await settled(element);
    expect(notice(element)).to.match(/\b2 words of the text/);
  });
});
