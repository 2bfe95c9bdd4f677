/** A field with its completion on the scripted worker, and what a reader does with it. */
import { aTimeout, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { AdaptiveComplete } from '../../components/complete/define.js';
import '../../components/complete/define.js';
import type { TextField } from '../../components/complete/field.js';
import { scriptedWorker } from './helpers.js';

export interface Completed {
  readonly place: HTMLElement;
  readonly field: TextField;
  readonly element: AdaptiveComplete;
}

/** What the scripted worker suggests: its last word is unfinished, and left out. */
export const ghost = ' be wound';
export const worker = scriptedWorker({ pace: 0, says: ' be wound again' });

const textarea = html`<textarea id="text" aria-label="Text" rows="4"></textarea>`;

/** `field` is the element with the id `text`. */
export async function complete({ field = textarea, learn = false, workerUrl = worker } = {}): Promise<Completed> {
  const place = await fixture<HTMLElement>(
    html`<form>
      ${field}
      <adaptive-complete for="text" src="m.safetensors" delay="20" worker-url=${workerUrl} ?learn=${learn}>
      </adaptive-complete>
      <button type="button">After</button>
    </form>`,
  );
  const found = place.querySelector<TextField>('#text');
  const element = place.querySelector('adaptive-complete');
  if (!found || !element) throw new Error('The fixture is not whole.');
  await element.updateComplete;
  return { place, field: found, element };
}

/** Types with real keys, and waits for the suggestion. */
export async function suggested({ field, element }: Completed, text = 'The clock must'): Promise<void> {
  field.focus();
  await sendKeys({ type: text });
  if (element.suggestion === '') await oneEvent(element, 'adaptive-suggest');
  await element.updateComplete;
}

/** Long enough for a suggestion, if one were to come. */
export const pause = (): Promise<void> => aTimeout(150);

export const until = (condition: () => boolean, what: string): Promise<void> =>
  waitUntil(condition, what, { timeout: 60_000 });

export async function control(key: string): Promise<void> {
  await sendKeys({ down: 'Control' });
  await sendKeys({ press: key });
  await sendKeys({ up: 'Control' });
}

export function part(element: AdaptiveComplete, selector: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

export function said(element: AdaptiveComplete): string {
  return part(element, '[role="status"]').textContent;
}
