/** A run in a browser that has no room for it, then has, and whose data are cleared in the midst of it. */
import { launch, type Page } from 'puppeteer-core';

const longest = 300_000; // ms

export interface StorageDays {
  readonly savedBefore: boolean;
  /** What the element said when there was no room. */
  readonly said: string;
  /** Whether one was kept once there was room, and once more after all data were cleared. */
  readonly savedWithRoom: boolean;
  readonly savedAfterClearing: boolean;
  readonly state: string;
}

async function savedSoon(page: Page): Promise<boolean> {
  return page.$eval(
    'adaptive-lm',
    (element, patience) =>
      new Promise<boolean>((resolve) => {
        element.addEventListener('adaptive-saved', () => resolve(true), { once: true });
        setTimeout(() => resolve(false), patience);
      }),
    longest / 3,
  );
}

export async function liveThroughStorageDays(url: string, args: readonly string[]): Promise<StorageDays> {
  const executablePath = process.env['CHROME_PATH'] ?? '/usr/bin/chromium';
  const browser = await launch({ executablePath, args: [...args], timeout: longest, protocolTimeout: longest });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(longest);
    await page.goto(url);
    const { origin } = new URL(url);
    const session = await page.createCDPSession();
    await page.$eval('adaptive-lm', async (element) => {
      // Who reads what is kept while it is cleared has Chromium hold all storage of the site for ten seconds, and a checkpoint
      // that took as long is followed by none for minutes: that is no part of what is tested here.
      for (const looking of document.querySelectorAll('adaptive-stored')) looking.remove();
      element.src = null;
      element.keepEvery = 0.2;
      element.keep = 'days';
      await element.updateComplete;
      const options = { size: 'small' as const, epochs: 100_000, sampleEvery: 1_000_000, threads: 1 };
      void element.train('The lamp must be fed, and the clock must be wound. '.repeat(200), options);
    });
    const savedBefore = await savedSoon(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    const said = await page.$eval('adaptive-lm', async (element) => {
      const message = () => element.shadowRoot?.querySelector('adaptive-lm-message')?.shadowRoot?.textContent ?? '';
      while (!message().includes('no room')) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return message().trim();
    });
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    const savedWithRoom = await savedSoon(page);
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    const savedAfterClearing = await savedSoon(page);
    const state = await page.$eval('adaptive-lm', (element) => element.state);
    return { savedBefore, said, savedWithRoom, savedAfterClearing, state };
  } finally {
    await browser.close();
  }
}
