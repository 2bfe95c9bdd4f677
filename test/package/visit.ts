/** A real Chromium on a page that embeds the element: what it wrote and learned, and what it should not have done. */
import { launch, type Browser, type Page } from 'puppeteer-core';
import type {} from '../../components/complete/define.js';
import type {} from '../../components/define.js';

const flags = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];

const longest = 60_000; // ms, for anything

export function openBrowser(): Promise<Browser> {
  return launch({ executablePath: process.env['CHROME_PATH'], args: flags, timeout: longest });
}

export interface Visit {
  readonly page: Page;
  /** Errors and warnings, in the page and its workers. */
  readonly troubles: readonly string[];
}

export async function visit(browser: Browser, url: string): Promise<Visit> {
  const page = await browser.newPage();
  page.setDefaultTimeout(longest);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') troubles.push(message.text());
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, troubles };
}

/** Three tokens of the model that the page names, once it is there. Rejects with the element's own error. */
export function writeThree({ page }: Visit): Promise<string> {
  return page.$eval('adaptive-lm', async (element) => {
    await customElements.whenDefined('adaptive-lm');
    return element.write('ROMEO:', { maxTokens: 3, seed: 7 });
  });
}

/** A tiny run: what the worker fetches only then, and the page's chart. @returns why it ended. */
export async function trainALittle({ page }: Visit): Promise<string> {
  const { reason } = await page.$eval('adaptive-lm', async (element) =>
    element.train('The sea is wide and the ship is small. '.repeat(40), {
      size: 'small',
      batchSize: 2,
      segmentLength: 16,
      epochs: 0.5,
      threads: 2, // where memory can be shared
    }),
  );
  return reason;
}
