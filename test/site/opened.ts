/** A page in a Chromium of its own, which remembers what went wrong in it, and whom it asked. */
import type { Browser, Page } from 'puppeteer-core';

export const flags = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];

export const longest = 300_000; // ms, for anything

export interface Opened {
  readonly page: Page;
  /** Errors and warnings, of scripts and in the console. */
  readonly troubles: readonly string[];
  /** Addresses that were asked for outside of `home`. */
  readonly strangers: ReadonlySet<string>;
}

/** @param home what all addresses are to begin with; the page's own folder unless given */
export async function open(
  browser: Pick<Browser, 'newPage'>,
  url: string,
  home = new URL('.', url).href,
): Promise<Opened> {
  const page = await browser.newPage();
  page.setDefaultTimeout(longest);
  const troubles: string[] = [];
  const strangers = new Set<string>();
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') troubles.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith('data:')) strangers.add(request.url());
  });
  await page.goto(url, { waitUntil: 'networkidle0' });
  return { page, troubles, strangers };
}

/** Clicks the visible button of that name, wherever in the page it is. */
export async function click(page: Page, name: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(longest).click();
}
