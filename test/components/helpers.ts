/** What the element's tests share: an element with the scripted worker, and ways to look inside it. */
import { fixture, html, oneEvent } from '@open-wc/testing';
import type { AdaptiveLm, ModelState } from '../../components/define.js';
import type { AdaptiveTrainer } from '../../components/trainer/define.js';
import '../../components/define.js';

export interface Script {
  /** Milliseconds for each token and step. */
  readonly pace?: number;
  readonly steps?: number;
  /** Tokens or steps that are not begun before `goOn()`, each for one of its calls, or a stop. */
  readonly hold?: readonly number[];
  /** What it writes, if not Shakespeare. */
  readonly says?: string;
}

export function scriptedWorker({ pace = 2, steps = 40, hold = [], says }: Script = {}): string {
  const url = new URL(`./scripted-worker.js?pace=${pace}&steps=${steps}&hold=${hold.join()}`, import.meta.url);
  if (says !== undefined) url.searchParams.set('says', says);
  return url.href;
}

/** Lets the work go on that is held, now or when it comes to that, of a worker that has started. */
export function goOn(): void {
  const channel = new BroadcastChannel('scripted-worker');
  channel.postMessage('go on');
  channel.close();
}

/** More steps than a test waits for. */
export const endlessSteps = 1_000_000;

type AnyElement = AdaptiveLm | AdaptiveTrainer;

/** An `<adaptive-lm>` with the scripted worker and its model. */
export async function mount(script: Script = {}): Promise<AdaptiveLm> {
  const element = await fixture<AdaptiveLm>(
    html`<adaptive-lm src="model.safetensors" prompt="ROMEO:" worker-url=${scriptedWorker(script)}></adaptive-lm>`,
  );
  await until(element, 'ready');
  return withPanel(element);
}

export async function mountEmpty(script: Script = {}): Promise<AdaptiveLm> {
  return withPanel(await fixture<AdaptiveLm>(html`<adaptive-lm worker-url=${scriptedWorker(script)}></adaptive-lm>`));
}

/** Its training panel is there, which is fetched when it is about to be seen. */
export async function withPanel<T extends Element>(element: T): Promise<T> {
  if (customElements.get('adaptive-lm-training')) return element;
  await customElements.whenDefined('adaptive-lm-training');
  await new Promise((resolve) => requestAnimationFrame(resolve)); // its parts draw
  return element;
}

/** Also states that last only for a moment. */
export async function until(element: AnyElement, state: ModelState): Promise<void> {
  while (element.state !== state) await oneEvent(element, 'adaptive-state');
  await settled(element);
}

/** All of `element`'s parts have drawn. */
export async function settled(element: AnyElement): Promise<void> {
  await element.updateComplete;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await element.updateComplete;
  await new Promise((resolve) => setTimeout(resolve));
}

/** Every element that matches, also in shadow roots within. */
export function findAll<T extends Element = HTMLElement>(root: Element | ShadowRoot, selector: string): T[] {
  const found = [...root.querySelectorAll<T>(selector)];
  for (const child of root.querySelectorAll('*')) {
    if (child.shadowRoot) found.push(...findAll<T>(child.shadowRoot, selector));
  }
  return found;
}

/** The one visible element that matches within `element`'s shadow trees. */
export function find<T extends Element = HTMLElement>(element: AnyElement, selector: string): T {
  const root = element.shadowRoot;
  const [first] = root ? findAll<T>(root, selector) : [];
  if (!first) throw new Error(`Nothing in the element matches ${selector}.`);
  return first;
}

export function button(element: AnyElement, label: string): HTMLButtonElement {
  const root = element.shadowRoot;
  const all = root ? findAll<HTMLButtonElement>(root, 'button') : [];
  const shown = all.find((each) => each.textContent.trim() === label && each.checkVisibility());
  if (!shown) throw new Error(`There is no button “${label}”.`);
  return shown;
}

/** What stands on the writing surface: the prompt and the text. */
export function written(element: AdaptiveLm): string {
  return find(element, '[part="output"]').textContent.trim();
}

export function alertText(element: AnyElement): string {
  return find(element, '[role="alert"]').textContent.trim();
}

export function type(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

export function press(target: Element, key: string, modifiers: KeyboardEventInit = {}): void {
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...modifiers }),
  );
}

/** What `promise` rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  throw new Error('It was expected to reject.');
}
