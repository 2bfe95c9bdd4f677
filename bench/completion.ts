/** From a word typed to its suggestion by `<adaptive-complete>`, with the shipped model, warm, and no pause to wait for. */
import type { Browser } from 'puppeteer-core';
import type {} from '../components/complete/define.js';
import { figure, type Figure } from './figure.js';

const text = `Good morrow, my lord. What news from the king? They say that he will come to us before the night,
and bring with him a thousand men, who know not what they fight for. Then let us go and meet him on the way.`;
/** The first suggestions come while code is compiled. */
const warmUp = 3;

declare global {
  interface HTMLElement {
    /** Seconds to each answer; NaN where there was nothing to suggest. */
    completionTimes?: number[];
  }
}

/** `url` serves the page. */
export async function measureCompletion(browser: Browser, url: string): Promise<Figure> {
  const page = await browser.newPage();
  await page.goto(`${url}complete.html`);
  await page.$eval('adaptive-complete', async (element) => {
    element.learn = false;
    element.delay = 0;
    await element.load();
    const times: number[] = [];
    element.completionTimes = times;
    let typed = NaN;
    element.field?.addEventListener('input', () => (typed = performance.now()), { capture: true });
    const suggest = element.suggest.bind(element);
    element.suggest = async (...question) => {
      const answer = await suggest(...question);
      times.push(answer === '' ? NaN : (performance.now() - typed) / 1000);
      return answer;
    };
    element.field?.focus();
  });
  for (const [i, word] of (text.match(/\s*\S+/g) ?? []).entries()) {
    await page.keyboard.sendCharacter(word);
    await page.$eval(
      'adaptive-complete',
      async (element, asked) => {
        const times = element.completionTimes ?? [];
        // A word that was the one suggested is no question: the rest stays.
        if (times.length <= asked && element.suggestion !== '') times.push(NaN);
        while (times.length <= asked) await new Promise((resolve) => setTimeout(resolve));
      },
      i,
    );
  }
  const seconds = await page.$eval('adaptive-complete', (element) => element.completionTimes ?? []);
  await page.close();
  return figure('a word typed to its suggestion', 's', seconds.slice(warmUp).filter(Number.isFinite));
}
