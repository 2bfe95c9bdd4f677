/** `<adaptive-complete>` with real keys and a scripted worker: what each key means, and when nothing is suggested. */
import { aTimeout, expect, html, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { complete, control, ghost, part, pause, said, suggested, until } from './complete-helpers.js';

const typed = 'The clock must';

describe('<adaptive-complete> keys', () => {
  it('shows a word or two at the caret, in the type of the field', async () => {
    const completed = await complete();
    await suggested(completed);
    const { field, element } = completed;
    expect(element.state).to.equal('suggesting');
    expect(element.matches(':state(suggesting)')).to.equal(true);
    const shown = part(element, '[part="ghost"]');
    expect(shown.textContent).to.equal(ghost);
    expect(getComputedStyle(shown).fontSize).to.equal(getComputedStyle(field).fontSize);
    const [box] = shown.getClientRects(); // of its first line
    const around = field.getBoundingClientRect();
    expect(box?.left).to.be.within(around.left + 60, around.right);
    expect(box?.top).to.be.within(around.top, around.top + 12);
    expect(field.value).to.equal(typed);
  });

  for (const key of ['Tab', 'ArrowRight']) {
    it(`takes it with ${key}, and gives it back to Ctrl+Z`, async () => {
      const completed = await complete();
      await suggested(completed);
      const { field, element } = completed;
      const taken = oneEvent(element, 'adaptive-accept');
      await sendKeys({ press: key });
      expect(await taken).to.include({ text: ghost, rest: '' });
      expect(field.value).to.equal(typed + ghost);
      expect(field.matches(':focus')).to.equal(true);
      await control('z');
      expect(field.value).to.equal(typed);
    });
  }

  it('gives back to Ctrl+Z what was taken, and not what was typed before', async () => {
    const completed = await complete();
    await suggested(completed, 'The clo');
    await suggested(completed, 'ck must');
    expect(completed.element.accept()).to.equal(true);
    await control('z');
    expect(completed.field.value).to.equal(typed);
  });

  it('takes a word with Control and the arrow, and keeps the rest', async () => {
    const completed = await complete();
    await suggested(completed);
    const { field, element } = completed;
    const taken = oneEvent(element, 'adaptive-accept');
    await control('ArrowRight');
    expect(await taken).to.include({ text: ' be', rest: ' wound' });
    expect(field.value).to.equal(`${typed} be`);
    expect(element.suggestion).to.equal(' wound');
  });

  it('goes away with Escape until the text changes', async () => {
    const completed = await complete();
    await suggested(completed);
    const { field, element } = completed;
    await sendKeys({ press: 'Escape' });
    await pause();
    expect(element.suggestion).to.equal('');
    expect(element.state).to.equal('ready');
    expect(field.value).to.equal(typed);
    await suggested(completed, 'y');
    expect(element.suggestion).to.equal(ghost);
  });

  it('leaves Tab and → alone while it suggests nothing', async () => {
    const { field, place } = await complete();
    field.focus();
    field.setRangeText('ab', 0, 0, 'start');
    await sendKeys({ press: 'ArrowRight' });
    expect(field.selectionStart).to.equal(1);
    await sendKeys({ press: 'Tab' });
    expect(field.value).to.equal('ab');
    expect(document.activeElement).to.equal(place.querySelector('button'));
  });

  it('stays while what it suggests is typed', async () => {
    const completed = await complete();
    await suggested(completed);
    let fresh = 0;
    completed.element.addEventListener('adaptive-suggest', () => fresh++);
    await sendKeys({ type: ' b' });
    expect(completed.element.suggestion).to.equal('e wound');
    expect(fresh).to.equal(0);
  });

  it('turns the arrow round where the text runs from right to left', async () => {
    const completed = await complete({ field: html`<input id="text" dir="rtl" aria-label="Text" />` });
    await suggested(completed);
    await sendKeys({ press: 'ArrowLeft' });
    expect(completed.field.value).to.equal(typed + ghost);
  });

  it('keeps to maxlength', async () => {
    const completed = await complete({ field: html`<input id="text" maxlength="17" aria-label="Text" />` });
    await suggested(completed);
    await sendKeys({ press: 'Tab' });
    expect(completed.field.value).to.equal(`${typed} be`);
  });
});

describe('<adaptive-complete> suggests nothing', () => {
  it('while a composition goes on', async () => {
    const completed = await complete();
    await suggested(completed);
    const { field, element } = completed;
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    expect(element.suggestion).to.equal('');
    await sendKeys({ type: 'に' });
    await pause();
    expect(element.suggestion).to.equal('');
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    await oneEvent(element, 'adaptive-suggest');
  });

  it('within a line, or with a selection', async () => {
    const completed = await complete();
    await suggested(completed);
    const { field, element } = completed;
    for (const [from, to] of [
      [3, 3],
      [3, typed.length],
    ] as const) {
      field.setSelectionRange(from, to);
      await until(() => element.suggestion === '', 'it went');
      await sendKeys({ type: 'x' });
      if (field.selectionStart === field.value.length) {
        await until(() => element.suggestion === ghost, 'there is one where the text ends');
      } else {
        await pause();
        expect(element.suggestion).to.equal('');
      }
      field.value = typed;
      await suggested(completed, 'y');
      field.value = typed;
    }
  });

  it('once the page has set the value, the form was reset, or the field is locked', async () => {
    const completed = await complete();
    const { field, element, place } = completed;
    await suggested(completed);
    field.value = 'Something else';
    await until(() => element.suggestion === '', 'it went');
    await suggested(completed);
    const other = document.createElement('form');
    place.after(other);
    other.reset();
    expect(element.suggestion, 'another form').to.equal(ghost);
    if (place instanceof HTMLFormElement) place.reset();
    expect(element.suggestion, 'at once, for a value that stays says nothing').to.equal('');
    await suggested(completed);
    const before = field.value;
    field.readOnly = true;
    expect(element.accept()).to.equal(false);
    expect(field.value).to.equal(before);
    field.readOnly = false;
    await suggested(completed);
    field.disabled = true;
    await pause();
    expect(element.accept()).to.equal(false);
  });

  it('by an answer that comes too late', async () => {
    const completed = await complete();
    const { field, element } = completed;
    await suggested(completed);
    await sendKeys({ press: 'Escape' });
    await sendKeys({ type: 'y' });
    await aTimeout(20);
    field.value = 'other';
    await pause();
    expect(element.suggestion).to.equal('');
  });

  it('after the field was left', async () => {
    const completed = await complete();
    await suggested(completed);
    completed.field.blur();
    expect(completed.element.suggestion).to.equal('');
  });
});

describe('<adaptive-complete> for those who listen', () => {
  afterEach(() => document.documentElement.removeAttribute('style'));

  it('tells the keys when they come, and a suggestion when it has stood for a second', async () => {
    const completed = await complete();
    const { field, element } = completed;
    field.focus();
    await element.updateComplete;
    expect(said(element)).to.contain('Tab');
    await suggested(completed);
    expect(said(element)).to.equal('');
    await until(() => said(element) === 'Suggestion: be wound', 'it is read');
    await sendKeys({ type: ' ' });
    await element.updateComplete;
    expect(said(element)).to.equal('');
    expect(part(element, '.layer').getAttribute('aria-hidden')).to.equal('true');
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`is clean to axe, ${scheme}`, async () => {
      const { style } = document.documentElement;
      style.colorScheme = scheme;
      style.background = scheme === 'dark' ? '#111' : '#fff';
      const completed = await complete({ learn: true });
      await suggested(completed);
      await expect(completed.element).to.be.accessible();
    });
  }
});
