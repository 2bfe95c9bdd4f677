/** From a word typed to its suggestion shown by `<adaptive-complete>`, with the shipped model, warm, and no pause to wait for. */
import type { Browser } from 'puppeteer-core';
import type {} from '../components/complete/define.js';
import { figure, type Figure } from './figure.js';

const text = `Good morrow, my lord. What news from the king? They say that he will come to us before the night,
and bring with him a thousand men, who know not what they fight for. Then let us go and meet him on the way.`;
/** The first suggestions come while code is compiled. */
const warmUp = 3;

/** `url` serves the page. */
export async function measureCompletion(browser: Browser, url: string): Promise<Figure> {
  const page = await browser.newPage();
  await page.goto(`${url}complete.html`);
  const seconds = await page.$eval(
    'adaptive-complete',
    async (element, words) => {
      element.learn = false;
      element.delay = 0;
      await element.load();
      const suggest = element.suggest.bind(element);
      const times: number[] = [];
      for (const word of words) {
        const asked = new Promise<string>((resolve) => {
          element.suggest = (...question) => {
            const answer = suggest(...question);
            resolve(answer);
            return answer;
          };
        });
        const started = performance.now();
        element.field?.focus();
        // Obsolete, and the one way to type with the events of typing.
        document.execCommand('insertText', false, word);
        if (element.suggestion !== '') continue; // the word was the one suggested, and the rest stays
        if ((await asked) !== '') times.push((performance.now() - started) / 1000);
      }
      return times;
    },
    text.match(/\s*\S+/g) ?? [],
  );
  await page.close();
  return figure('a word typed to its suggestion', 's', seconds.slice(warmUp));
}
