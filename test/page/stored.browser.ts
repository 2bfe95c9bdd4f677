/** What is kept on this device, seen and deleted: with the real worker and the real store. */
import { assert, fixture, html } from '@open-wc/testing';
import type { AdaptiveStored } from '../../components/stored/define.js';
import '../../components/stored/define.js';
import { close, corpus, endless, mountKept, tiny, until } from './helpers.js';

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

function button({ shadowRoot }: AdaptiveStored, label: string): HTMLButtonElement | undefined {
  return [...(shadowRoot?.querySelectorAll('button') ?? [])].find(
    (each) => each.ariaLabel === label || each.textContent.trim() === label,
  );
}

it('what is kept is listed with its bytes, and deleted once that was meant', async () => {
  const trained = await mountKept('seen');
  await trained.train(corpus, tiny);
  const element = await look();
  const row = () => rows(element).find((each) => each.startsWith('seen'));
  assert.match(row() ?? '', /^seen \d+(\.\d+)? [kM]?B · saved .* Delete$/);
  button(element, 'Delete “seen”')?.click();
  await element.updateComplete;
  assert.match(row() ?? '', /Delete for good Keep it$/);
  button(element, 'Keep it')?.click();
  await element.updateComplete;
  assert.isNotNull(element.models?.find(({ name }) => name === 'seen') ?? null, 'nothing was deleted yet');
  await assert.isAccessible(element);
  button(element, 'Delete “seen”')?.click();
  await element.updateComplete;
  button(element, 'Delete for good')?.click();
  await until(() => row() === undefined);
  assert.include(element.shadowRoot?.textContent, '“seen” was deleted.');
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
  assert.match(row(), /training stopped at step [\d,]+ of [\d,]+|in use in another tab/);
  assert.isTrue(button(element, 'Delete “busy”')?.disabled);
  let code = '';
  element.addEventListener('adaptive-error', ({ error }) => (code = error.code), { once: true });
  await element.removeModel('busy');
  assert.equal(code, 'in-use');
  await close(training);
  await running;
  await element.refresh();
  await element.updateComplete;
  assert.match(row(), /training stopped at step [\d,]+ of [\d,]+/);
  await element.removeModel('busy');
  await until(() => row() === '');
});
