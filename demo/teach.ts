/** Buttons that train a model on one of the page's texts. */
import type { AdaptiveLm } from '../components/define.js';
import { lighthouse } from './texts/lighthouse.js';
import { market } from './texts/market.js';

const texts: Readonly<Record<string, string>> = { lighthouse, market };

/** `place` is where the run can be seen. */
export function teachFromButtons(model: AdaptiveLm, place: HTMLElement): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('button[data-text]');
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const text = texts[button.dataset['text'] ?? ''];
      if (text !== undefined) void teach(model, text, place);
    });
  }
  model.addEventListener('adaptive-state', ({ state }) => {
    const busy = state === 'loading' || state === 'writing' || state === 'training' || state === 'paused';
    for (const button of buttons) button.disabled = busy;
  });
}

/** Errors are shown by the element itself. */
async function teach(model: AdaptiveLm, text: string, place: HTMLElement): Promise<void> {
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  place.scrollIntoView({ behavior: smooth ? 'smooth' : 'auto', block: 'start' });
  const before = model.prompt;
  try {
    const { reason } = await model.train(text, {
      size: 'small',
      samplePrompt: text.slice(0, text.indexOf(' ')),
    });
    model.querySelector('[slot="empty"]')?.remove(); // it speaks of the model that was here before
    // The old prompt belongs to the old model. Leave it if the reader has written one of their own meanwhile.
    if (reason === 'finished' && model.prompt === before) model.prompt = firstWords(text);
  } catch {
    place.scrollIntoView({ block: 'start' });
  }
}

/** A prompt in the voice of the text: how its second paragraph begins. */
function firstWords(text: string): string {
  const paragraph = text.split('\n\n')[1] ?? text;
  return paragraph.split(' ').slice(0, 4).join(' ');
}
