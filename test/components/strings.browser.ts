/** Every visible word comes from the table, and follows the language of the page. */
import { aTimeout, expect, fixture, html, oneEvent } from '@open-wc/testing';
import type { AdaptiveComplete } from '../../components/complete/define.js';
import '../../components/complete/define.js';
import { setStrings, type AdaptiveLm } from '../../components/define.js';
import type { AdaptiveStored } from '../../components/stored/define.js';
import '../../components/stored/define.js';
import { completeStrings } from '../../components/strings/complete.js';
import { german } from '../../components/strings/de.js';
import { modelStrings } from '../../components/strings/model.js';
import { registry } from '../../components/strings/registry.js';
import { savingStrings } from '../../components/strings/saving.js';
import { storedStrings } from '../../components/strings/stored.js';
import { trainingStrings } from '../../components/strings/training.js';
import type { AdaptiveStrings } from '../../components/strings/words.js';
import { writerStrings } from '../../components/strings/writer.js';
import type { AdaptiveTrainer } from '../../components/trainer/define.js';
import '../../components/trainer/define.js';
import {
  button,
  endlessSteps,
  find,
  findAll,
  mount,
  mountEmpty,
  rejection,
  scriptedWorker,
  settled,
  until,
} from './helpers.js';

const english: AdaptiveStrings = {
  model: modelStrings,
  writer: writerStrings,
  training: trainingStrings,
  saving: savingStrings,
  stored: storedStrings,
  complete: completeStrings,
};
const text = 'The lamp must be fed, and the clock must be wound. '.repeat(40);

/** A table with every text put between brackets. */
function bracketed<T extends object>(table: T): T {
  const copy = { ...table };
  for (const [key, value] of Object.entries(table)) Reflect.set(copy, key, bracket(value));
  return copy;
}

function bracket(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '' : `⟦${value}⟧`;
  if (typeof value === 'function') return (...given: unknown[]) => bracket(Reflect.apply(value, null, given));
  if (Array.isArray(value)) return value.map(bracket);
  return typeof value === 'object' && value !== null ? bracketed(value) : value;
}

/** What a reader can come across in an element, but for what models and readers wrote. */
function sayings(element: Element): string[] {
  const said: string[] = [];
  for (const each of findAll<Element>(element.shadowRoot ?? element, '*')) {
    if (each.matches('style, [part~="written"], [part~="written-prompt"], [part~="sample"]')) continue;
    for (const name of ['aria-label', 'title', 'placeholder']) said.push(each.getAttribute(name) ?? '');
    for (const node of each.childNodes) if (node instanceof Text) said.push(node.data);
  }
  const written = 'text' in element ? String(element.text) : ''; // which is said to screen readers, too
  return said.map((each) => each.trim()).filter((each) => each !== '' && !written.includes(each));
}

/** What is left of a saying without what is in brackets, numbers, units and the models' own names. */
function strayWords(saying: string): string {
  let rest = saying;
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/gu, '');
  }
  return rest
    .replace(/Shakespeare, by letters|^notes$|^a-name-without-[a-z-]+$/, '')
    .replace(/\b(k|M|kB|MB|GB|B|s|min|h|AM|PM)\b/g, '')
    .replace(/[^\p{L}]+/gu, '');
}

async function mountTrainer(script = {}): Promise<AdaptiveTrainer> {
  return fixture<AdaptiveTrainer>(html`<adaptive-trainer worker-url=${scriptedWorker(script)}></adaptive-trainer>`);
}

/** Elements in all that they can come to. */
const situations: Readonly<Record<string, () => Promise<Element>>> = {
  empty: () => mountEmpty(),
  'ready, with the settings open': async () => {
    const element = await mount();
    find(element, '[aria-controls="settings"]').click();
    return element;
  },
  written: async () => {
    const element = await mount();
    await element.write('Ä');
    return element;
  },
  'about to be saved': async () => {
    const element = await mount();
    findAll<HTMLButtonElement>(element.shadowRoot ?? element, 'header button')
      .at(-1)
      ?.click();
    await customElements.whenDefined('adaptive-lm-save');
    return element;
  },
  paused: async () => {
    const element = await mount({ steps: endlessSteps });
    void element.train(`!gpu ${text}`).catch(() => {});
    await oneEvent(element, 'adaptive-sample');
    element.pauseTraining();
    await until(element, 'paused');
    return element;
  },
  'trained, with a notice': async () => {
    const element = await mountTrainer();
    await element.train(text);
    return element;
  },
  error: async () => {
    const element = await mount();
    await rejection(element.write('!error:memory'));
    return element;
  },
  'busy, refused': async () => {
    const element = await mount({ pace: 50 });
    void element.write().catch(() => {});
    await until(element, 'writing');
    await rejection(element.train(text));
    return element;
  },
  'nobody to teach': () => fixture(html`<adaptive-trainer for="nobody"></adaptive-trainer>`),
  'what is kept': async () => {
    const element = await fixture<AdaptiveStored>(
      html`<adaptive-stored worker-url=${scriptedWorker()}></adaptive-stored>`,
    );
    await element.refresh();
    return element;
  },
  completion: () => fixture(html`<adaptive-complete learn for="nobody" delay="soon"></adaptive-complete>`),
};

async function drawn(element: Element): Promise<void> {
  await aTimeout(0);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await aTimeout(0);
  expect(element.isConnected).to.equal(true);
}

describe('words of the elements', () => {
  afterEach(() => {
    registry().tables.clear();
    document.documentElement.lang = '';
  });

  for (const [name, reach] of Object.entries(situations)) {
    it(`come from the table: ${name}`, async () => {
      setStrings(bracketed(english));
      const element = await reach();
      await drawn(element);
      const stray = sayings(element).filter((saying) => strayWords(saying) !== '');
      expect(stray).to.deep.equal([]);
      expect(sayings(element).length).to.be.greaterThan(2);
    });
  }

  it('are all other ones in German, but for names', () => {
    const same: string[] = [];
    const compare = (path: string, ours: unknown, theirs: unknown): void => {
      if (typeof ours === 'object' && ours !== null && typeof theirs === 'object' && theirs !== null) {
        for (const [key, value] of Object.entries(ours)) compare(`${path}.${key}`, value, Reflect.get(theirs, key));
        return;
      }
      const say = (value: unknown): string =>
        typeof value === 'function' ? String(Reflect.apply(value, null, ['1', '2', '3'])) : String(value);
      if (path.endsWith('describe')) return;
      if (say(ours) !== '' && say(ours) === say(theirs)) same.push(path.slice(1));
    };
    compare('', english, german);
    expect(same).to.deep.equal([
      'model.backends.wasm',
      'model.backends.webgpu',
      'model.because',
      'writer.stopKey',
      'writer.topK',
      'writer.topP',
      'training.speed',
      'saving.saveForms.onnx.0',
      'saving.saveForms.pytorch.0',
    ]);
  });

  it('are those of the nearest lang, at once when it changes, and of its variants', async () => {
    setStrings('de', german);
    const element = await mount();
    expect(button(element, 'Write')).to.not.equal(null);
    document.documentElement.lang = 'de-AT';
    await settled(element);
    expect(button(element, 'Schreiben')).to.not.equal(null);
    expect(button(element, 'Training beginnen')).to.not.equal(null);
    await rejection(element.write('!error:memory'));
    await settled(element);
    expect(find(element, '[part="error"]').textContent).to.contain('Der Arbeitsspeicher reicht nicht');
    element.lang = 'en';
    await settled(element);
    expect(button(element, 'Write')).to.not.equal(null);
    expect(find(element, '[part="error"]').textContent).to.contain('Scripted memory');
  });

  it('are those of the lang around a shadow root', async () => {
    setStrings('de', german);
    const host = await fixture(html`<div lang="de"></div>`);
    const root = host.attachShadow({ mode: 'open' });
    const element = document.createElement('adaptive-stored');
    element.workerUrl = scriptedWorker();
    root.append(element);
    await element.refresh();
    await drawn(element);
    expect(sayings(element).join(' ')).to.contain('Auf diesem Gerät');
  });

  it('can be changed one by one, for all elements and for one', async () => {
    const element: AdaptiveLm = await mount();
    setStrings({ writer: { write: 'Compose' }, model: { states: { ready: 'At your service' } } });
    await settled(element);
    expect(button(element, 'Compose')).to.not.equal(null);
    element.strings = { writer: { write: 'Sing' } };
    await settled(element);
    expect(button(element, 'Sing')).to.not.equal(null);
    const said = sayings(element);
    expect(said).to.include('At your service').and.to.include('Settings');
    element.strings = null;
    await rejection(element.write('!error:memory'));
    await settled(element);
    expect(sayings(element), 'beside one that was changed').to.include('Needs attention');
    expect(button(element, 'Compose')).to.not.equal(null);
  });

  it('of a completion follow, too', async () => {
    setStrings('de', german);
    const element = await fixture<AdaptiveComplete>(html`<adaptive-complete lang="de" learn></adaptive-complete>`);
    expect(sayings(element)).to.include('Vergessen');
  });
});
