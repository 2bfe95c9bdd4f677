import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import type { AdaptiveLm, AdaptiveTextEvent } from '../../components/define.js';
import { defaultSettings } from '../../components/settings-fields.js';
import { button, find, goOn, mount, mountEmpty, press, settled, type, until, written } from './helpers.js';

describe('<adaptive-lm> writing', () => {
  it('loads src, shows what the model is, and is ready', async () => {
    const element = await mount();
    const status = find(element, '[part="status"]').shadowRoot?.textContent ?? '';
    expect(status).to.contain('Ready');
    expect(status).to.contain('WebAssembly');
    expect(status).to.contain('510 k parameters');
    expect(status).to.contain('8 MB of memory');
    expect(status).to.contain('1.58 nats/character');
    expect(find(element, 'slot[name="title"]').textContent).to.contain('Shakespeare, by letters');
  });

  it('reads its attributes, and goes back to the defaults when they go', async () => {
    const element = await fixture<AdaptiveLm>(html`
      <adaptive-lm prompt="Once" max-tokens="12" temperature="0.5" top-k="5" top-p="0.9" seed="7"></adaptive-lm>
    `);
    const { prompt, maxTokens, temperature, topK, topP, seed } = element;
    expect({ prompt, maxTokens, temperature, topK, topP, seed }).to.deep.equal({
      prompt: 'Once',
      maxTokens: 12,
      temperature: 0.5,
      topK: 5,
      topP: 0.9,
      seed: 7,
    });
    for (const name of ['max-tokens', 'temperature', 'seed']) element.removeAttribute(name);
    expect(element.maxTokens).to.equal(defaultSettings.maxTokens);
    expect(element.temperature).to.equal(defaultSettings.temperature);
    expect(element.seed).to.equal(null);
    expect(element.state).to.equal('empty');
  });

  it('streams what is written, and resolves with it', async () => {
    const element = await mount({ hold: [3] });
    const events: AdaptiveTextEvent[] = [];
    element.addEventListener('adaptive-text', (event) => {
      events.push(event);
    });
    const work = element.write();
    await until(element, 'writing');
    const output = find(element, '[part="output"]');
    expect(output.getAttribute('aria-busy')).to.equal('true');
    goOn();
    const text = await work;
    await settled(element);
    expect(output.getAttribute('aria-busy')).to.equal('false');
    expect(text).to.contain('JULIET:');
    expect(element.text).to.equal(text);
    expect(written(element)).to.equal(`ROMEO:${text}`);
    expect(events.map((event) => event.text).join('')).to.equal(text);
    expect(events.at(-1)?.tokens).to.equal(events.length);
    expect(find(element, '[part="written-prompt"]').textContent).to.equal('ROMEO:');
  });

  it('shows markup as text', async () => {
    const element = await mount();
    const title = document.title;
    const text = await element.write('!markup <i>prompt</i>');
    await settled(element);
    expect(text).to.contain('<img src=x onerror=');
    expect(written(element)).to.equal(`!markup <i>prompt</i>${text}`);
    const output = find(element, '[part="output"]');
    expect(output.querySelectorAll('img, b, i')).to.have.lengthOf(0);
    expect(document.title).to.equal(title);
  });

  it('stops by the same button, and keeps what there is', async () => {
    const element = await mount({ hold: [3] });
    const control = button(element, 'Write');
    control.click();
    await until(element, 'writing');
    expect(control.textContent.trim()).to.equal('Stop');
    if (element.text === '') await oneEvent(element, 'adaptive-text');
    control.click();
    await until(element, 'ready');
    expect(control.textContent.trim()).to.equal('Write');
    expect(element.text).to.match(/^\s*But/);
    expect(element.text).not.to.contain('JULIET');
  });

  it('writes by Ctrl or ⌘ and Enter, stops by Escape', async () => {
    const element = await mount({ hold: [3] });
    const prompt = find<HTMLTextAreaElement>(element, '#prompt');
    press(prompt, 'Enter');
    await settled(element);
    expect(element.state).to.equal('ready');
    press(prompt, 'Enter', { ctrlKey: true });
    await until(element, 'writing');
    press(prompt, 'Escape');
    await until(element, 'ready');
    press(prompt, 'Enter', { metaKey: true });
    await until(element, 'writing');
    press(prompt, 'Escape');
    await until(element, 'ready');
  });

  it('takes the prompt from the field', async () => {
    const element = await mount();
    type(find<HTMLTextAreaElement>(element, '#prompt'), 'The lark');
    expect(element.prompt).to.equal('The lark');
    await element.write();
    await settled(element);
    expect(written(element).startsWith('The lark')).to.equal(true);
  });

  it('goes on where it ended, and clears', async () => {
    const element = await mount();
    const first = await element.write('ROMEO:', { maxTokens: 3 });
    await settled(element);
    element.maxTokens = 2;
    button(element, 'Go on').click();
    await until(element, 'writing');
    await until(element, 'ready');
    expect(element.text.startsWith(first)).to.equal(true);
    expect(element.text.length).to.be.greaterThan(first.length);
    button(element, 'Clear').click();
    await settled(element);
    await settled(element);
    expect(element.text).to.equal('');
    expect(element.state).to.equal('ready');
  });

  it('changes the settings by the fields', async () => {
    const element = await mount();
    button(element, 'Settings').click();
    await settled(element);
    type(find<HTMLInputElement>(element, '#temperature'), '1.25');
    type(find<HTMLInputElement>(element, '#maxTokens'), '33');
    expect(element.temperature).to.equal(1.25);
    expect(element.maxTokens).to.equal(33);
    const newSeed = find<HTMLInputElement>(element, 'input[type="checkbox"]');
    expect(newSeed.checked).to.equal(true);
    newSeed.click();
    await settled(element);
    expect(element.seed).to.be.a('number');
    expect(find<HTMLInputElement>(element, '#seed').disabled).to.equal(false);
  });

  it('tells each change of state, and matches :state()', async () => {
    const element = await mount({ hold: [3] });
    const states: string[] = [];
    element.addEventListener('adaptive-state', ({ state, previous }) => states.push(`${previous} → ${state}`));
    const work = element.write();
    await until(element, 'writing');
    expect(element.matches(':state(writing)')).to.equal(true);
    expect(element.matches(':state(ready)')).to.equal(false);
    goOn();
    await work;
    expect(states).to.deep.equal(['ready → writing', 'writing → ready']);
  });

  it('follows src when it changes, and tells the download', async () => {
    const element = await mountEmpty();
    expect(element.state).to.equal('empty');
    const parts: number[] = [];
    element.addEventListener('adaptive-download', ({ loaded }) => parts.push(loaded));
    element.src = 'other.safetensors';
    await until(element, 'loading');
    await until(element, 'ready');
    expect(parts).to.deep.equal([0, 25, 50, 75, 100]);
  });

  it('writes as soon as the model is there when asked while it loads', async () => {
    const element = await mountEmpty({ pace: 10 });
    element.src = 'model.safetensors';
    await until(element, 'loading');
    expect(await element.write('ROMEO:', { maxTokens: 2 })).to.match(/But soft/);
  });

  it('says so when the prompt has unknown characters', async () => {
    const element = await mount();
    await element.write('ROMEO 🙂 日');
    await settled(element);
    expect(find(element, '[part="notice"]').textContent).to.contain('2 of the prompt’s characters');
  });

  it('speaks finished sentences in a live region of its own', async () => {
    const element = await mount();
    await element.write();
    await settled(element);
    const output = find(element, '[part="output"]');
    expect(output.closest('[aria-live], [role="status"]')).to.equal(null);
    const live = find(element, 'adaptive-lm-writer').shadowRoot?.querySelector('[role="status"]');
    expect(live?.textContent ?? '').to.contain('I have no business with the day.');
  });

  it('is not there when hidden', async () => {
    const element = await mount();
    element.hidden = true;
    expect(element.getBoundingClientRect().height).to.equal(0);
  });
});
