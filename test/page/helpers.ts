/** What the tests with the real worker share: elements that start it, small models, and what every refusal must keep. */
import { assert, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm, ModelState } from '../../components/define.js';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';
import { alertText, rejection, settled, withPanel } from '../components/helpers.js';
import { corpus, endless, tiny, tinyRun, tinyShape } from '../tiny.js';

export { corpus, endless, tiny, tinyRun, tinyShape };

/** An `<adaptive-lm>` on the real worker, without a model. */
export async function mountEmpty(): Promise<AdaptiveLm> {
  return withPanel(await fixture<AdaptiveLm>(html`<adaptive-lm></adaptive-lm>`));
}

/** The same, which keeps what it learns under a name, and opens what is kept. */
export async function mountKept(name: string): Promise<AdaptiveLm> {
  const element = await fixture<AdaptiveLm>(html`<adaptive-lm keep=${name} keep-every="0.2"></adaptive-lm>`);
  await settled(element);
  return element;
}

/** The worker ends without a word, as when the tab is closed. */
export async function close(element: AdaptiveLm): Promise<void> {
  const gone = element.state === 'empty' ? null : reached(element, 'empty');
  element.remove();
  await gone;
  await until(async () => {
    const { held = [] } = await navigator.locks.query();
    return !held.some(({ name }) => name?.startsWith('adaptive-lm/'));
  });
}

/** Looks again and again until it is so. The test's own time is the limit. */
export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Resolves with the next event of that name. */
export function next(element: AdaptiveLm, name: 'adaptive-progress' | 'adaptive-text'): Promise<unknown> {
  return new Promise((resolve) => element.addEventListener(name, resolve, { once: true }));
}

let made: Promise<Blob> | null = null;

/** The file of a model that was trained on `corpus`: made once for each page of tests. */
export function modelFile(): Promise<Blob> {
  made ??= (async () => {
    const element = await mountEmpty();
    await element.train(corpus, { ...tiny, epochs: 60 });
    return element.save();
  })();
  return made;
}

/** An `<adaptive-lm>` on the real worker, with that model. */
export async function mount(): Promise<AdaptiveLm> {
  const file = await modelFile();
  const element = await mountEmpty();
  await element.load(file);
  await settled(element);
  return element;
}

/** What a writing must repeat as long as the model is that of `mount`. */
export function writeSame(element: AdaptiveLm): Promise<string> {
  return element.write('The ', { temperature: 0, maxTokens: 60, seed: 3 });
}

/** The code of what `work` rejects with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown = await rejection(work);
  return thrown instanceof AdaptiveError ? thrown.code : `no AdaptiveError: ${String(thrown)}`;
}

/** Resolves with the next `adaptive-error`. */
export function nextError(element: AdaptiveLm): Promise<AdaptiveError> {
  return new Promise((resolve) =>
    element.addEventListener('adaptive-error', (event) => resolve(event.error), { once: true }),
  );
}

/**
 * Asserts that `work` fails as a user must see it: rejects with `code`, says `saying`, tells the page once, shows it,
 * and leaves the model and the text as they were.
 */
export async function refuses(
  element: AdaptiveLm,
  work: () => Promise<unknown>,
  code: ErrorCode,
  ...saying: readonly (string | RegExp)[]
): Promise<AdaptiveError> {
  const before = { model: element.model, text: element.text };
  const told: AdaptiveError[] = [];
  const listen = ({ error }: { readonly error: AdaptiveError }): void => void told.push(error);
  element.addEventListener('adaptive-error', listen);
  const thrown = await rejection(work());
  element.removeEventListener('adaptive-error', listen);
  await settled(element);
  if (!(thrown instanceof AdaptiveError)) throw new Error(`no AdaptiveError: ${String(thrown)}`);
  assert.equal(thrown.code, code, thrown.message);
  assert.deepEqual(told, [thrown]);
  checkShown(element, thrown, saying);
  assert.equal(element.model, before.model);
  assert.equal(element.text, before.text);
  return thrown;
}

/** The element is in its error state and shows `error`, whose message is good for something. */
export function checkShown(element: AdaptiveLm, error: AdaptiveError, saying: readonly (string | RegExp)[]): void {
  assert.equal(element.state, 'error');
  assert.isTrue(element.matches(':state(error)'));
  assert.include(alertText(element), error.message);
  assert.match(error.message, /^\S.*\S$/s);
  assert.isTrue(error.message.length >= 20 && error.message.length <= 800, error.message);
  for (const each of saying) {
    if (typeof each === 'string') assert.include(error.message, each);
    else assert.match(error.message, each);
  }
}

/** Writes and trains, so that nobody can say that an error left the element unusable. */
export async function checkAlive(element: AdaptiveLm): Promise<void> {
  const { reason } = await element.train(corpus, { ...tiny, epochs: 0.5 });
  assert.equal(reason, 'finished');
  assert.lengthOf(await element.write('The ', { maxTokens: 5 }), 5);
  await settled(element);
  assert.equal(element.state, 'ready');
  assert.equal(alertText(element), '');
}

/** Resolves when the element has been in `state`; already if it is. */
export async function reached(element: AdaptiveLm, state: ModelState): Promise<void> {
  if (element.state === state) return;
  await new Promise<void>((resolve) => {
    element.addEventListener('adaptive-state', function listen(event) {
      if (event.state !== state) return;
      element.removeEventListener('adaptive-state', listen);
      resolve();
    });
  });
}
