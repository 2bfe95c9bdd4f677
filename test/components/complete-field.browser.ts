/** `<adaptive-complete>` and its field: which it takes, which it refuses, what it learns from it, and that both may go. */
import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { AdaptiveComplete } from '../../components/complete/define.js';
import { complete, ghost, part, pause, suggested, until, worker } from './complete-helpers.js';

async function problemOf(element: AdaptiveComplete): Promise<string> {
  await pause();
  await element.updateComplete;
  return element.state === 'error' ? part(element, '[role="alert"]').textContent.trim() : '';
}

describe('<adaptive-complete> field', () => {
  const secrets = [
    html`<input id="text" type="password" />`,
    html`<input id="text" autocomplete="section-a cc-number" />`,
    html`<textarea id="text" autocomplete="one-time-code"></textarea>`,
  ];
  for (const [i, field] of secrets.entries()) {
    it(`refuses secrets (${i + 1}), and reads nothing of them`, async () => {
      const completed = await complete({ field, learn: true });
      expect(await problemOf(completed.element)).to.contain('never read');
      completed.field.focus();
      await sendKeys({ type: 'hunter2' });
      await pause();
      expect(completed.element.field).to.equal(null);
      expect(completed.element.model).to.equal(null);
    });
  }

  for (const [name, field] of [
    ['numbers', html`<input id="text" type="number" />`],
    ['contenteditable', html`<p id="text" contenteditable></p>`],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const { element } = await complete({ field });
      expect(await problemOf(element)).to.contain('no field that can be completed');
    });
  }

  it('lets go of a field that turns into one for passwords, and comes back', async () => {
    const completed = await complete({ field: html`<input id="text" aria-label="Text" />` });
    await suggested(completed);
    const { field, element } = completed;
    field.setAttribute('type', 'password');
    expect(await problemOf(element)).to.contain('never read');
    expect(element.suggestion).to.equal('');
    field.setAttribute('type', 'text');
    expect(await problemOf(element)).to.equal('');
    field.value = '';
    await suggested(completed);
    expect(element.suggestion).to.equal(ghost);
  });

  it('is one element’s: a second one is refused until the first is gone', async () => {
    const { place, element, field } = await complete();
    const second = new AdaptiveComplete();
    second.htmlFor = 'text';
    place.append(second);
    expect(await problemOf(second)).to.contain('already');
    expect(element.field).to.equal(field);
    element.remove();
    expect(await problemOf(second)).to.equal('');
    expect(second.field).to.equal(field);
  });

  it('may come later, lose its id, be replaced, and vanish', async () => {
    const completed = await complete();
    const { place, field, element } = completed;
    await suggested(completed);
    field.remove();
    await until(() => element.field === null, 'it is gone');
    expect(element.suggestion).to.equal('');
    expect(element.state).to.equal('ready');
    const other = document.createElement('textarea');
    place.prepend(other);
    other.id = 'text';
    await until(() => element.field === other, 'another one is there');
    await suggested({ ...completed, field: other });
    element.htmlFor = 'nothing';
    await element.updateComplete;
    expect(element.field).to.equal(null);
    expect(element.suggestion).to.equal('');
  });

  it('has its keys back when the element goes, and the worker is ended', async () => {
    const completed = await complete();
    await suggested(completed);
    const { field, element, place } = completed;
    element.remove();
    await sendKeys({ press: 'Tab' });
    expect(field.value).to.equal('The clock must');
    expect(element.field).to.equal(null);
    await until(() => element.model === null, 'the model is gone');
    place.append(element);
    field.value = '';
    await suggested(completed);
  });

  it('says when there is no model, and loads it anew when the reader comes back', async () => {
    const completed = await complete();
    const { element, field } = completed;
    element.src = 'missing.safetensors';
    await element.updateComplete;
    field.focus();
    await until(() => element.state === 'error', 'it failed');
    expect(await problemOf(element)).to.contain('404');
    element.src = 'there.safetensors';
    await suggested(completed);
    expect(await problemOf(element)).to.equal('');
  });

  it('refuses a delay that is none', async () => {
    const { element } = await complete();
    element.setAttribute('delay', 'soon');
    expect(await problemOf(element)).to.contain('milliseconds');
  });
});

describe('<adaptive-complete> learn', () => {
  const written = 'The clock must be wound before the lamp is lit. ';

  function news(): string[] {
    const heard: string[] = [];
    const channel = new BroadcastChannel('scripted-worker');
    channel.onmessage = ({ data }: MessageEvent<string>) => heard.push(data);
    return heard;
  }

  it('learns what was typed, once, when the field is left; nothing pasted, nothing set', async () => {
    const heard = news();
    const completed = await complete({ learn: true });
    const { field, element } = completed;
    field.value = 'Set by the page, and long enough to be learned. ';
    await suggested(completed, written);
    field.dispatchEvent(new InputEvent('beforeinput', { inputType: 'insertFromPaste' }));
    field.setRangeText('a secret of forty letters that was pasted', field.value.length, field.value.length, 'end');
    field.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
    field.blur();
    await until(() => heard.length > 0, 'it learned');
    field.focus();
    field.blur();
    await pause();
    expect(heard).to.deep.equal([`learned ${written}`]);
    part(element, '[part="forget-button"]').click();
    await until(() => heard.includes('forgot'), 'it forgot');
    expect(part(element, '[part="caption"]').textContent).to.contain('stays on this device');
  });

  it('learns nothing without the attribute', async () => {
    const heard = news();
    const completed = await complete({ workerUrl: worker });
    await suggested(completed, written);
    completed.field.blur();
    await pause();
    expect(heard).to.deep.equal([]);
    expect(part(completed.element, '[part="caption"]').checkVisibility()).to.equal(false);
  });
});
