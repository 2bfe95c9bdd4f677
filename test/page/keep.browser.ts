/** What is kept under a name: there on the next visit, offered to go on, one writer at a time, deleted on request. */
import { assert } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { close, codeOf, corpus, endless, mountKept, reached, tiny } from './helpers.js';

function notice(element: AdaptiveLm): string {
  return element.shadowRoot?.querySelector('adaptive-lm-message')?.shadowRoot?.textContent.trim() ?? '';
}

function saved(element: AdaptiveLm): Promise<number | null> {
  return new Promise((resolve) => {
    element.addEventListener('adaptive-saved', ({ step }) => resolve(step), { once: true });
  });
}

it('a trained model is there on the next visit, and gone when it is deleted', async () => {
  const element = await mountKept('trained');
  await element.train(corpus, tiny);
  const text = await element.write('The ', { temperature: 0, maxTokens: 30 });
  await close(element);
  const next = await mountKept('trained');
  await reached(next, 'ready');
  assert.equal(await next.write('The ', { temperature: 0, maxTokens: 30 }), text);
  assert.notInclude(notice(next), 'Go on');
  const { models, kind } = await next.stored();
  assert.equal(kind, 'opfs');
  assert.isAbove(models.find(({ name }) => name === 'trained')?.bytes ?? 0, 10_000);
  await next.removeStored('trained');
  assert.notInclude(
    (await next.stored()).models.map(({ name }) => name),
    'trained',
  );
  await close(next);
  const last = await mountKept('trained');
  assert.equal(last.model, null);
});

it('an interrupted run is offered to go on, and goes on', async () => {
  const element = await mountKept('interrupted');
  const running = element.train(corpus, endless).catch(() => {});
  const step = await saved(element);
  await close(element);
  await running;
  const next = await mountKept('interrupted');
  await reached(next, 'ready');
  await next.updateComplete;
  assert.match(notice(next), /Training stopped at step [\d,]+ of .*Go on/s);
  await next.load(await next.save());
  await next.updateComplete;
  assert.notInclude(notice(next), 'Go on', 'who takes another model has decided');
  const again = next.continueTraining();
  const onward = await saved(next);
  assert.isAtLeast(onward ?? 0, step ?? NaN);
  next.stopTraining();
  assert.equal((await again).reason, 'stopped');
  await next.removeStored('interrupted');
});

it('one tab at a time trains a model; the other says so, and can write with it', async () => {
  const first = await mountKept('shared');
  const running = first.train(corpus, endless);
  await saved(first);
  const second = await mountKept('shared');
  await reached(second, 'ready');
  assert.include(notice(second), 'Another tab');
  assert.equal(await codeOf(second.train(corpus, tiny)), 'in-use');
  assert.equal(await codeOf(second.removeStored('shared')), 'in-use');
  assert.equal((await second.write('The ', { maxTokens: 5 })).length, 5);
  first.stopTraining();
  assert.equal((await running).reason, 'stopped');
  await second.removeStored('shared');
});
