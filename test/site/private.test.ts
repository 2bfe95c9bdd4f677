/** Where browsers keep little or nothing: a private window, and a browser that forbids sites to keep data. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import sirv from 'sirv';
import { end, listen } from './listening.js';

const longest = 120_000; // ms
const settings = {
  executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
  protocolTimeout: longest,
};

/** A profile in which the reader has forbidden all sites to keep data. */
async function forbiddingProfile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  await mkdir(join(folder, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(folder, 'Default/Preferences'), JSON.stringify(preferences));
  return folder;
}

/** Begins a run that is kept, which goes on for long. Resolves with '' when a checkpoint is kept, or with what went wrong. */
function train(page: Page): Promise<string> {
  return page.$eval('adaptive-lm', async (element) => {
    element.src = null;
    element.keepEvery = 0.2;
    element.keep = 'private';
    await element.updateComplete;
    const happened = new Promise<string>((resolve) => {
      element.addEventListener('adaptive-saved', () => resolve(''), { once: true });
      element.addEventListener('adaptive-error', ({ error }) => resolve(error.message), { once: true });
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
  const site = sirv('build/site');
  const server = createServer((request, response) => site(request, response, () => void response.writeHead(404).end()));
  let url: string;
  let browser: Browser;

  before(async () => {
    url = await listen(server);
    browser = await launch(settings);
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
    assert.equal(await train(page), '');
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

  test('where sites may keep no data it trains in memory, and the element says so', async () => {
    const userDataDir = await forbiddingProfile();
    const forbidding = await launch({ ...settings, userDataDir });
    try {
      const page = await open(forbidding);
      const refusal = await page.evaluate(async () => {
        try {
          await navigator.storage.getDirectory();
          return '';
        } catch (thrown) {
          return thrown instanceof Error ? thrown.name : '';
        }
      });
      assert.equal(refusal, 'SecurityError');
      assert.equal(await train(page), '');
      const said = await page.$eval('adaptive-lm', (element) => {
        const bar = element.shadowRoot?.querySelector('adaptive-lm-message');
        return { text: bar?.shadowRoot?.textContent ?? '', shown: (bar?.getBoundingClientRect().height ?? 0) > 0 };
      });
      assert.match(said.text, /This browser keeps nothing for this page: the model is gone when the page is closed/);
      assert.ok(said.shown);
    } finally {
      await forbidding.close();
      await rm(userDataDir, { recursive: true });
    }
  });
});
