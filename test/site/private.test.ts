/** Where browsers keep little or nothing: a private window, and a page without an origin of its own. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { launch, type Browser, type BrowserContext, type Frame, type Page } from 'puppeteer-core';
import sirv from 'sirv';
import type { AdaptiveLm } from '../../components/define.js';
import { end, listen } from './listening.js';

const longest = 120_000; // ms

/** The site, and a page that shows it in a sandbox. */
function serveSandbox() {
  const site = sirv('build/site', {
    // Who has no origin is a stranger to this one.
    setHeaders: (response) => response.setHeader('access-control-allow-origin', '*'),
  });
  return createServer((request, response) => {
    if (request.url === '/sandbox') {
      response.setHeader('content-type', 'text/html').end('<iframe sandbox="allow-scripts" src="/"></iframe>');
    } else site(request, response, () => void response.writeHead(404).end());
  });
}

/** Begins a run that is kept, which goes on for long. Resolves with the name of the first event that comes of it. */
function train(page: Page | Frame): Promise<string> {
  return page.$eval('adaptive-lm', async (element) => {
    element.src = null;
    element.keepEvery = 0.2;
    element.keep = 'private';
    await element.updateComplete;
    const happened = new Promise<string>((resolve) => {
      for (const name of ['adaptive-saved', 'adaptive-error']) {
        element.addEventListener(name, () => resolve(name), { once: true });
      }
    });
    const options = { size: 'small' as const, epochs: 100_000, sampleEvery: 1_000_000, threads: 1 };
    element.train('The lamp must be fed, and the clock must be wound. '.repeat(200), options).catch(() => null);
    return happened;
  });
}

/** What is kept under the name: its step, or null. */
function step(page: Page): Promise<number | null> {
  return page.$eval('adaptive-lm', async (element) => {
    const { models } = await element.stored();
    return models.find(({ name }) => name === 'private')?.run?.step ?? null;
  });
}

describe('where little or nothing is kept', { timeout: longest }, () => {
  const server = serveSandbox();
  let url: string;
  let browser: Browser;

  before(async () => {
    url = await listen(server);
    browser = await launch({
      executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
      protocolTimeout: longest,
    });
  });

  after(async () => {
    await browser.close();
    end(server);
  });

  const open = async (window: Browser | BrowserContext): Promise<Page> => {
    const page = await window.newPage();
    page.setDefaultTimeout(longest);
    await page.goto(url);
    return page;
  };

  test('a private window keeps a run over a reload, and forgets it when it is closed', async () => {
    const window = await browser.createBrowserContext();
    const page = await open(window);
    assert.equal(await train(page), 'adaptive-saved');
    await page.reload();
    const kept = await step(page);
    assert.ok(kept !== null && kept > 0, String(kept));
    const onward = await page.$eval('adaptive-lm', async (element) => {
      element.src = null;
      element.keep = 'private';
      await element.updateComplete;
      const first = new Promise<number>((resolve) => {
        element.addEventListener('adaptive-progress', ({ progress }) => resolve(progress.step), { once: true });
      });
      const running = element.continueTraining();
      const reached = await first;
      element.stopTraining();
      await running;
      return reached;
    });
    assert.ok(onward >= kept, `${onward} after ${kept}`);
    assert.equal(await step(await open(browser)), null, 'another window knows nothing of it');
    await window.close();
    const next = await browser.createBrowserContext();
    assert.equal(await step(await open(next)), null);
    await next.close();
  });

  test('a page without an origin trains in memory, and the element says so', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(longest);
    await page.goto(`${url}/sandbox`);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    assert.ok(frame);
    await frame.waitForFunction(() => customElements.get('adaptive-lm') !== undefined);
    assert.equal(await frame.evaluate(() => origin), 'null');
    assert.equal(await train(frame), 'adaptive-saved');
    const said = await frame.$eval('adaptive-lm', (element: AdaptiveLm) => {
      const bar = element.shadowRoot?.querySelector('adaptive-lm-message');
      return { text: bar?.shadowRoot?.textContent ?? '', shown: (bar?.getBoundingClientRect().height ?? 0) > 0 };
    });
    assert.match(said.text, /This browser keeps nothing for this page: the model is gone when the page is closed/);
    assert.ok(said.shown);
    await page.close();
  });
});
