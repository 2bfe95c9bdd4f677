/** Prompts that nobody would type, and texts that look like markup: all is read, and what is written is text. */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { button, find, findAll, settled, type, written } from '../components/helpers.js';
import { checkAlive, modelFile, mount, mountEmpty, reached, tiny } from './helpers.js';
import { putTogether, takeApart } from './model-parts.js';

function notice(element: AdaptiveLm): string {
  return element.shadowRoot
    ? findAll(element.shadowRoot, '[part="notice"]')
        .map((e) => e.textContent)
        .join()
    : '';
}

describe('<adaptive-lm> with an odd prompt', () => {
  it('says how many characters it has never seen, and still writes', async () => {
    const element = await mount();
    type(find<HTMLTextAreaElement>(element, '#prompt'), 'The Ω🙂日 lamp');
    element.maxTokens = 30;
    button(element, 'Write').click();
    await reached(element, 'writing');
    await reached(element, 'ready');
    await settled(element);
    expect(element.text).to.have.lengthOf(30);
    expect(notice(element)).to.match(/\b3 of the prompt’s characters/);
    expect(written(element).startsWith('The Ω🙂日 lamp')).to.equal(true);
    await element.write('The lamp', { maxTokens: 3 });
    await settled(element);
    expect(notice(element)).to.equal('');
  });

  it('reads 100,000 characters, and goes on from the last', async () => {
    const element = await mount();
    const end = 'The lamp must be fed, and the clock must be ';
    const long =
      'The lamp must be fed, and the clock must be wound. '.repeat(2000).slice(0, 100_000 - end.length) + end;
    expect(await element.write(long, { temperature: 0, maxTokens: 5 })).to.equal('wound');
    await settled(element);
    expect(written(element)).to.have.lengthOf(100_005);
  });

  it('stops while it still reads', async () => {
    const element = await mount();
    const work = element.write('The lamp must be fed. '.repeat(45_000));
    await reached(element, 'writing');
    element.stop();
    expect(await work, 'after the last character comes at least one').to.equal('');
    await checkAlive(element);
  });

  it('reads lone surrogates, NUL and other control characters', async () => {
    const element = await mount();
    for (const prompt of ['\ud800', 'The \udc00\ud800 lamp', '\0', 'The\0lamp\u0007\u001b[31m', '\ufeff\ufffe\uffff']) {
      expect(await element.write(prompt, { maxTokens: 12 })).to.have.lengthOf(12);
      await settled(element);
      expect(notice(element)).to.match(/\b[1-6] of the prompt’s characters/);
      expect(find(element, '[part="written-prompt"]').textContent).to.equal(prompt);
    }
    await checkAlive(element);
  });

  it('reads nothing, and begins by itself', async () => {
    const element = await mount();
    expect(await element.write('', { maxTokens: 12 })).to.have.lengthOf(12);
    expect(await element.write('The', { maxTokens: 0 })).to.equal('');
    await checkAlive(element);
  });
});

const markup = `<img src=x onerror="window.name='ran'"><script>window.name='ran'</script>`;

/** Elements that our own templates never make. */
function strangers(element: AdaptiveLm): number {
  return element.shadowRoot ? findAll(element.shadowRoot, 'img, script, iframe, b').length : NaN;
}

describe('<adaptive-lm> with texts that look like markup', () => {
  it('writes and samples them as text', async () => {
    window.name = '';
    const element = await mountEmpty();
    const samples: string[] = [];
    element.addEventListener('adaptive-sample', ({ text }) => samples.push(text));
    await element.train(`${markup}\n`.repeat(30), {
      ...tiny,
      epochs: 80,
      sampleEvery: 500,
      samplePrompt: '<img src=x',
    });
    const text = await element.write('<img src=x', { temperature: 0, maxTokens: 200 });
    await settled(element);
    expect(text).to.contain(markup.slice('<img src=x'.length));
    expect(written(element)).to.contain(markup);
    expect(samples.at(-1)).to.contain('onerror=');
    expect(find(element, '[part="sample"]').textContent).to.equal(samples.at(-1));
    await checkHarmless(element);
  });

  it('shows prompts, names of files and titles of models as text', async () => {
    window.name = '';
    const parts = await takeApart(await modelFile());
    const element = await mountEmpty();
    await element.load(putTogether({ ...parts, metadata: { ...parts.metadata, title: markup } }));
    await element.write(`${markup}<b>`, { maxTokens: 5 });
    await settled(element);
    expect(find(element, 'slot[name="title"]').textContent).to.equal(markup);
    expect(written(element)).to.contain(`${markup}<b>`);
    const name = `<img src=x onerror=window.name='ran'>.txt`;
    await element.train(new File(['x'], name)).catch(() => {});
    await element.train(new File([new Uint8Array(999)], name)).catch(() => {});
    await settled(element);
    expect(find(element, '[role="alert"]').textContent).to.contain(name);
    await checkHarmless(element);
  });
});

async function checkHarmless(element: AdaptiveLm): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100)); // an image would have failed by now
  expect(strangers(element)).to.equal(0);
  expect(window.name).to.equal('');
}
