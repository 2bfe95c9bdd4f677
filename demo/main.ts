/** The page around the element: sample texts to train on, and the snippet to copy. */
import type { AdaptiveLm } from '../components/define.js';
import '../components/define.js';
import { lighthouse } from './texts/lighthouse.js';
import { market } from './texts/market.js';

const texts: Readonly<Record<string, string>> = { lighthouse, market };

const model = find('adaptive-lm');
const teachButtons = document.querySelectorAll<HTMLButtonElement>('button[data-text]');

for (const button of teachButtons) {
  button.addEventListener('click', () => {
    const text = texts[button.dataset['text'] ?? ''];
    if (text !== undefined) void teach(model, text);
  });
}

model.addEventListener('adaptive-state', ({ state }) => {
  const busy = state === 'loading' || state === 'writing' || state === 'training' || state === 'paused';
  for (const button of teachButtons) button.disabled = busy;
});

/** Errors are shown by the element itself. */
async function teach(element: AdaptiveLm, text: string): Promise<void> {
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ behavior: smooth ? 'smooth' : 'auto', block: 'start' });
  const before = element.prompt;
  try {
    const { reason } = await element.train(text, {
      size: 'small',
      samplePrompt: text.slice(0, text.indexOf(' ')),
    });
    model.querySelector('[slot="empty"]')?.remove(); // it speaks of the model that was here before
    // The old prompt belongs to the old model. Leave it if the reader has written one of their own meanwhile.
    if (reason === 'finished' && element.prompt === before) element.prompt = firstWords(text);
  } catch {
    element.scrollIntoView({ block: 'start' });
  }
}

/** A prompt in the voice of the text: how its second paragraph begins. */
function firstWords(text: string): string {
  const paragraph = text.split('\n\n')[1] ?? text;
  return paragraph.split(' ').slice(0, 4).join(' ');
}

const copyButton = find('#copy');
copyButton.addEventListener('click', () => {
  const snippet = find('#snippet');
  navigator.clipboard.writeText(snippet.textContent).then(
    () => (copyButton.textContent = 'Copied'),
    () => getSelection()?.selectAllChildren(snippet),
  );
});

function find<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name];
function find(selector: string): HTMLElement;
function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
}
