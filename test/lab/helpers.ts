/** What the laboratory's tests share. */
import { fixture, html } from '@open-wc/testing';
import type { ActivationLab, LabState } from '../../components/lab/define.js';
import '../../components/lab/define.js';
import { findAll } from '../components/helpers.js';

/** An `<activation-lab>` on the real worker, in view. */
export async function mountLab(experiment: string, seed = 1): Promise<ActivationLab> {
  return fixture<ActivationLab>(html`<activation-lab experiment=${experiment} seed=${seed}></activation-lab>`);
}

/** Resolves when the element is in one of some states; already if it is. Rejects when it says that something failed. */
export async function untilState(element: ActivationLab, ...states: readonly LabState[]): Promise<void> {
  while (!states.includes(element.state)) {
    if (element.state === 'error') await failed(element);
    await new Promise((resolve) => element.addEventListener('lab-state', resolve, { once: true }));
  }
  await drawn(element);
}

async function failed(element: ActivationLab): Promise<never> {
  await drawn(element);
  throw new Error(`The experiment failed: ${alertText(element)}`);
}

/** All parts have drawn. */
export async function drawn(element: ActivationLab): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await element.updateComplete;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve));
}

/** Every element that matches in the element's shadow trees. */
export function all<T extends Element = HTMLElement>(element: ActivationLab, selector: string): T[] {
  return element.shadowRoot ? findAll<T>(element.shadowRoot, selector) : [];
}

export function one<T extends Element = HTMLElement>(element: ActivationLab, selector: string): T {
  const [first] = all<T>(element, selector);
  if (!first) throw new Error(`Nothing in the element matches ${selector}.`);
  return first;
}

export function press(element: ActivationLab, label: string): void {
  const button = all<HTMLButtonElement>(element, 'button').find((each) => each.textContent.trim() === label);
  if (!button) throw new Error(`There is no button “${label}”.`);
  button.click();
}

/** What the figures show, as markup: another picture is another text. */
export function picture(element: ActivationLab): string {
  return all(element, '.drawing')
    .map(({ innerHTML }) => innerHTML)
    .join('');
}

export function alertText(element: ActivationLab): string {
  return one(element, '[role="alert"]').textContent.trim();
}
