/** `<adaptive-lm>` as a field of a form, and what it does before it is seen. */
import { aTimeout, expect, fixture, html, waitUntil } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import '../../components/define.js';
import { button, find, findAll, mount, scriptedWorker, settled, until, written, type Script } from './helpers.js';

/** A form around an element with a model. */
async function inForm(
  script: Script = {},
): Promise<{ form: HTMLFormElement; element: AdaptiveLm; fieldset: HTMLFieldSetElement }> {
  const form = await fixture<HTMLFormElement>(html`
    <form>
      <label for="story">Story</label>
      <fieldset>
        <adaptive-lm
          id="story"
          name="story"
          required
          src="model.safetensors"
          prompt="ROMEO:"
          worker-url=${scriptedWorker(script)}
        ></adaptive-lm>
      </fieldset>
    </form>
  `);
  const [element, fieldset] = [form.querySelector('adaptive-lm'), form.querySelector('fieldset')];
  if (!element || !fieldset) throw new Error('The form has no element.');
  await until(element, 'ready');
  return { form, element, fieldset };
}

function sent(form: HTMLFormElement): FormDataEntryValue | null {
  return new FormData(form).get('story');
}

describe('<adaptive-lm> in a form', () => {
  it('is a field, whose value is the text that was written', async () => {
    const { form, element } = await inForm();
    expect(element.form).to.equal(form);
    expect([...form.elements].includes(element)).to.equal(true);
    const text = await element.write();
    await settled(element);
    expect(sent(form)).to.equal(text);
    expect(element.value).to.equal(text);
    element.name = '';
    await settled(element);
    expect(element.hasAttribute('name') && element.getAttribute('name') !== '').to.equal(false);
  });

  it('is missing while it is required and nothing is written, and says what to do', async () => {
    const { form, element } = await inForm();
    expect(form.checkValidity()).to.equal(false);
    expect(element.validity.valueMissing).to.equal(true);
    expect(element.validationMessage).to.contain('press Write');
    element.reportValidity();
    expect(find(element, '#prompt').matches(':focus'), 'where one begins').to.equal(true);
    await element.write();
    await settled(element);
    expect(form.checkValidity()).to.equal(true);
    await element.reset();
    await settled(element);
    element.required = false;
    await settled(element);
    expect(form.checkValidity()).to.equal(true);
  });

  it('is led to by its label, and leaves focus where it is within', async () => {
    const { form, element } = await inForm();
    form.querySelector('label')?.click();
    expect(find(element, '#prompt').matches(':focus')).to.equal(true);
    button(element, 'Settings').focus();
    expect(button(element, 'Settings').matches(':focus')).to.equal(true);
  });

  it('is as it began when the form is reset, also while it writes', async () => {
    const { form, element } = await inForm({ hold: [3] });
    await element.write(undefined, { maxTokens: 2 });
    element.prompt = 'Another';
    form.reset();
    const isEmpty = () => element.text === '' && element.state === 'ready';
    await waitUntil(isEmpty, 'it is empty', { timeout: 60_000 });
    await settled(element);
    expect([element.prompt, sent(form)]).to.deep.equal(['ROMEO:', '']);
    const work = element.write();
    await until(element, 'writing');
    form.reset();
    await work;
    await waitUntil(isEmpty, 'it is empty again', { timeout: 60_000 });
  });

  it('puts back what the browser kept of it, and goes on from there', async () => {
    const { element } = await inForm();
    const state = new FormData();
    state.append('prompt', 'JULIET:');
    state.append('text', ' What light');
    element.formStateRestoreCallback(state);
    await settled(element);
    expect([element.prompt, element.text]).to.deep.equal(['JULIET:', ' What light']);
    expect(written(element)).to.equal('JULIET: What light');
    // The model, which has not read that, is given all of it: the worker takes what begins with ! for a script.
    state.set('prompt', '!error:memory');
    element.formStateRestoreCallback(state);
    let code = '';
    element.addEventListener('adaptive-error', ({ error }) => (code = error.code), { once: true });
    button(element, 'Go on').click();
    await until(element, 'error');
    expect(code).to.equal('memory');
  });

  it('lets the reader do nothing in a disabled fieldset, and again when that ends', async () => {
    const { form, element, fieldset } = await inForm();
    await element.write();
    const controls = (): boolean[] =>
      findAll<HTMLButtonElement>(element.shadowRoot ?? element, '#prompt, [part="write-button"], header button').map(
        (each) => each.disabled,
      );
    fieldset.disabled = true;
    await settled(element);
    expect(controls().includes(false)).to.equal(false);
    expect(sent(form)).to.equal(null);
    expect(await element.write(), 'scripts still can').to.contain('JULIET');
    fieldset.disabled = false;
    await settled(element);
    expect(controls().includes(true)).to.equal(false);
    element.disabled = true;
    await settled(element);
    expect(element.matches(':disabled')).to.equal(true);
    expect(controls().includes(false)).to.equal(false);
  });
});

describe('<adaptive-lm loading="lazy">', () => {
  async function farAway(style: string): Promise<AdaptiveLm> {
    const place = await fixture(html`
      <div>
        <div style=${style}></div>
        <adaptive-lm loading="lazy" src="model.safetensors" worker-url=${scriptedWorker()}></adaptive-lm>
      </div>
    `);
    const element = place.querySelector('adaptive-lm');
    if (!element) throw new Error('There is no element.');
    await aTimeout(100);
    return element;
  }

  it('loads its model when it comes near the view', async () => {
    const element = await farAway('height: 10000px');
    expect(element.state).to.equal('empty');
    element.scrollIntoView();
    await until(element, 'ready');
  });

  it('loads it when it is to write', async () => {
    const element = await farAway('height: 10000px');
    expect(await element.write('ROMEO:')).to.contain('JULIET');
  });

  it('loads nothing while it is hidden, and is not to be seen', async () => {
    const element = await farAway('height: 0');
    await until(element, 'ready');
    const hidden = await mountHidden();
    await aTimeout(100);
    expect([hidden.state, getComputedStyle(hidden).display]).to.deep.equal(['empty', 'none']);
    hidden.hidden = false;
    await until(hidden, 'ready');
  });

  async function mountHidden(): Promise<AdaptiveLm> {
    return fixture<AdaptiveLm>(html`
      <adaptive-lm hidden loading="lazy" src="model.safetensors" worker-url=${scriptedWorker()}></adaptive-lm>
    `);
  }

  it('is eager unless told otherwise', async () => {
    const element = await mount();
    expect([element.loading, element.hasAttribute('loading')]).to.deep.equal(['eager', false]);
  });
});
