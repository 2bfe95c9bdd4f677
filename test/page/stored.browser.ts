/** What is kept on this device, seen and deleted: with the real worker and the real store. */
import { assert, fixture, html } from '@open-wc/testing';
import type { AdaptiveStored } from '../../components/stored/define.js';
import '../../components/stored/define.js';
import { formatBytes } from '../../components/format.js';
import { close, corpus, endless, mountKept, tiny, until } from './helpers.js';
import { Watch, watchedWorker } from './watch.js';

async function look(): Promise<AdaptiveStored> {
  const element = await fixture<AdaptiveStored>(html`<adaptive-stored></adaptive-stored>`);
  await element.refresh();
  await element.updateComplete;
  return element;
}

function rows({ shadowRoot }: AdaptiveStored): readonly string[] {
  return [...(shadowRoot?.querySelectorAll('li') ?? [])].map(({ textContent }) =>
    textContent.replace(/\s+/g, ' ').trim(),
  );
}

function button({ shadowRoot }: AdaptiveStored, label: string): HTMLButtonElement {
  const found = [...(shadowRoot?.querySelectorAll('button') ?? [])].find(
    (each) => each.ariaLabel === label || each.textContent.trim() === label,
  );
  if (!found) throw new Error(`There is no button “${label}”.`);
  return found;
}

function shown({ shadowRoot }: AdaptiveStored, role: 'alert' | 'status'): string {
  return shadowRoot?.querySelector(`[role="${role}"]`)?.textContent.trim() ?? '';
}

it('what is kept is listed with its bytes, and deleted once that was meant', async () => {
  const trained = await mountKept('seen');
  await trained.train(corpus, tiny);
  const element = await look();
  const row = () => rows(element).find((each) => each.startsWith('seen'));
  assert.match(row() ?? '', /^seen \d+(\.\d+)? [kM]?B · saved .* Delete$/);
  button(element, 'Delete “seen”').click();
  await element.updateComplete;
  assert.match(row() ?? '', /Delete for good Keep it$/);
  button(element, 'Keep it').click();
  await element.updateComplete;
  assert.match(row() ?? '', / Delete$/);
  await element.refresh();
  assert.include(
    (element.models ?? []).map(({ name }) => name),
    'seen',
    'nothing was deleted yet',
  );
  await assert.isAccessible(element);
  button(element, 'Delete “seen”').click();
  await element.updateComplete;
  button(element, 'Delete for good').click();
  await until(() => row() === undefined);
  assert.equal(shown(element, 'status'), '“seen” was deleted.');
  assert.notInclude(
    (await trained.stored()).models.map(({ name }) => name),
    'seen',
  );
});

it('what another one trains cannot be deleted; an interrupted run says how far it came', async () => {
  const training = await mountKept('busy');
  const running = training.train(corpus, endless).catch(() => null);
  await new Promise((resolve) => training.addEventListener('adaptive-saved', resolve, { once: true }));
  const element = await look();
  const row = () => rows(element).find((each) => each.startsWith('busy')) ?? '';
  assert.match(row(), /training stopped at step [\d,]+ of [\d,]+ · in use in another tab/);
  assert.isTrue(button(element, 'Delete “busy”').disabled);
  let code = '';
  element.addEventListener('adaptive-error', ({ error }) => (code = error.code), { once: true });
  await element.removeModel('busy');
  assert.equal(code, 'in-use');
  await element.updateComplete;
  assert.include(shown(element, 'alert'), 'another tab');
  assert.notInclude(shown(element, 'status'), 'was deleted');
  await close(training);
  await running;
  await element.refresh();
  await element.updateComplete;
  assert.match(row(), /training stopped at step [\d,]+ of [\d,]+ Delete$/);
  assert.isFalse(button(element, 'Delete “busy”').disabled);
  assert.equal(shown(element, 'alert'), '', 'that error is over');
  await element.removeModel('busy');
  await until(() => row() === '');
});

it('looks again when it is told to, and says how much it is in all', async () => {
  const element = await look();
  const before = element.models?.length ?? NaN;
  const trained = await mountKept('later');
  await trained.train(corpus, tiny);
  assert.equal(rows(element).length, before);
  button(element, 'Look again').click();
  await until(() => rows(element).some((each) => each.startsWith('later')));
  const bytes = (element.models ?? []).reduce((sum, model) => sum + model.bytes, 0);
  assert.isAbove(bytes, 10_000);
  assert.include(element.shadowRoot?.textContent, `${formatBytes(bytes)} in all`);
  await element.removeModel('later');
});

it('asks the browser for lasting storage, and says what came of it', async () => {
  const trained = await mountKept('lasting');
  await trained.train(corpus, tiny);
  const { storage } = navigator;
  const [persisted, persist] = [storage.persisted.bind(storage), storage.persist.bind(storage)];
  try {
    for (const answer of [false, true]) {
      let asked = 0;
      storage.persisted = async () => asked > 0 && answer;
      storage.persist = async () => (asked++, answer);
      const element = await look();
      assert.include(element.shadowRoot?.textContent, 'may delete it when the device runs out of room');
      assert.equal(asked, 0, 'nobody is asked before the reader wants it');
      button(element, 'Ask the browser to keep it').click();
      await until(() => shown(element, 'status') !== '');
      assert.equal(asked, 1);
      assert.match(shown(element, 'status'), answer ? /agreed to keep it/ : /did not agree/);
      assert.equal(element.shadowRoot?.querySelector('[part="persist-button"]') === null, answer);
    }
  } finally {
    Object.assign(storage, { persisted, persist });
    await trained.removeStored('lasting');
  }
});

it('ends its worker when it leaves the page, without a word, and looks again when it is back', async () => {
  const watch = new Watch();
  const element = await fixture<AdaptiveStored>(html`<adaptive-stored worker-url=${watchedWorker}></adaptive-stored>`);
  const parent = element.parentElement;
  await until(() => element.models !== null);
  await watch.untilAlive(1);
  const errors: string[] = [];
  element.addEventListener('adaptive-error', ({ error }) => errors.push(error.code));
  element.remove();
  await watch.untilAlive(0);
  parent?.append(element);
  await watch.untilAlive(1);
  await element.refresh();
  assert.deepEqual(errors, []);
  watch.close();
});
