/** From a click on a link to the first written character with the shipped model, and the bytes that came over the wire. */
import type { Browser } from 'puppeteer-core';
import { figure, type Figure } from './figure.js';

const visits = 5;

async function bytesSent(counter: string): Promise<number> {
  return Number(await (await fetch(counter)).text());
}

/** `counter` is the address of a server that says how many bytes the page's server has sent. */
export async function measureStart(browser: Browser, url: string, counter: string): Promise<Figure[]> {
  const seconds: number[] = [];
  const bytes: number[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const context = await browser.createBrowserContext(); // nothing is cached from the visit before
    const page = await context.newPage();
    const before = await bytesSent(counter);
    await page.goto(url);
    seconds.push(
      await page.$eval('adaptive-lm', async (element) => {
        await customElements.whenDefined('adaptive-lm');
        let first = NaN;
        element.addEventListener('adaptive-text', () => (first = performance.now() / 1000), { once: true });
        await element.write(undefined, { maxTokens: 1 });
        return first;
      }),
    );
    bytes.push((await bytesSent(counter)) - before);
    await context.close();
  }
  return [figure('page load to first token', 's', seconds), figure('bytes received', 'B', bytes)];
}
