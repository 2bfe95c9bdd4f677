/** Texts at addresses: asked for once, on the page's own origin, wherever redirects lead. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, type Browser, type Page } from 'puppeteer-core';
import sirv from 'sirv';
import { end, listen } from './listening.js';

const verse = 'The lamp must be fed, and the clock must be wound.\n';
const text = gzipSync(verse.repeat(60));
/** More than is held from one pass to the next. */
const large = verse.repeat(340_000);

/** The site, texts, and redirects. */
function serveTexts(asked: string[], elsewhere: () => string): Server {
  const site = sirv('build/site');
  const places: Readonly<Record<string, () => string>> = {
    '/moved': () => '/texts/lamp.txt.gz',
    '/away': () => `${elsewhere()}/texts/lamp.txt.gz`,
    '/moved-away': () => '/away',
    '/circle': () => '/circle',
  };
  return createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    const place = places[url];
    if (place) response.writeHead(302, { location: place() }).end();
    else if (url === '/texts/lamp.txt.gz') response.writeHead(200, { 'access-control-allow-origin': '*' }).end(text);
    else if (url === '/texts/large.txt') response.writeHead(200, { 'cache-control': 'no-store' }).end(large);
    else site(request, response, () => void response.writeHead(404).end());
  });
}

interface Answer {
  readonly code: string;
  readonly message: string;
}

/** Trains the page's element for a step, or says what it was refused with. */
function train(page: Page, address: string): Promise<Answer> {
  return page.evaluate(async (given): Promise<Answer> => {
    const element = document.querySelector('adaptive-lm');
    if (!element) throw new Error('There is no element.');
    try {
      const options = { size: 'small', epochs: 0.0001, threads: 1, tokenizer: 'bytes', validationFraction: 0 } as const;
      await element.train(new URL(given, location.href), options);
      return { code: '', message: '' };
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
      return { code, message: String(thrown) };
    }
  }, address);
}

describe('a text at an address', { timeout: 120_000 }, () => {
  const [asked, askedElsewhere]: [string[], string[]] = [[], []];
  let elsewhere = '';
  const here = serveTexts(asked, () => elsewhere);
  const there = serveTexts(askedElsewhere, () => '');
  let browser: Browser;
  let page: Page;

  before(async () => {
    elsewhere = await listen(there);
    const url = await listen(here);
    browser = await launch({
      executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    page = await browser.newPage();
    await page.goto(url);
    await page.$eval('adaptive-lm', (element) => (element.src = null));
  });

  after(async () => {
    await browser.close();
    for (const server of [here, there]) end(server);
  });

  test('is asked for once, though it is read twice', async () => {
    assert.equal((await train(page, '/texts/lamp.txt.gz')).code, '');
    assert.equal(asked.filter((url) => url === '/texts/lamp.txt.gz').length, 1);
  });

  test('is asked for twice when it is too large to be held', async () => {
    assert.equal((await train(page, '/texts/large.txt')).code, '');
    assert.equal(asked.filter((url) => url === '/texts/large.txt').length, 2);
  });

  test('may be redirected within the origin', async () => {
    const before = asked.length;
    assert.equal((await train(page, '/moved')).code, '');
    assert.deepEqual(asked.slice(before), ['/moved', '/texts/lamp.txt.gz']);
  });

  test('is refused when that leads elsewhere, and nobody there is asked', async () => {
    for (const address of ['/away', '/moved-away', '/circle']) {
      const { code, message } = await train(page, address);
      assert.equal(code, 'invalid-option', message);
      assert.match(message, /is redirected to another origin, or in a circle.*Download it, and choose the file/);
    }
    assert.deepEqual(askedElsewhere, []);
  });
});
