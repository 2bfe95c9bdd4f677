/** A browser that is killed in the midst of training and saving, over and over: each time the next one goes on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser, type Page } from 'puppeteer-core';

/** Seconds from one checkpoint to the next: short, so that many kills fall into the saving. */
const interval = 0.2;
const longest = 300_000; // ms

export interface Kill {
  /** Where the run stood when the page had loaded; null where nothing was kept yet. */
  readonly resumedAt: number | null;
  /** The last checkpoint that the page before had been told of; 0 for none. */
  readonly savedAt: number;
  /** The last step that the page before had been told of. */
  readonly reached: number;
  /** What the element said, when that was an error. */
  readonly error: string;
}

interface Seen {
  saved: number;
  reached: number;
}

declare global {
  interface HTMLElement {
    seenOfRun?: Seen;
  }
}

/** Trains, or goes on, and kills the browser `delay` ms after the first step, or after the first checkpoint for null. */
async function round(url: string, args: readonly string[], userDataDir: string, delay: number | null, before: Seen) {
  const executablePath = process.env['CHROME_PATH'] ?? '/usr/bin/chromium';
  const browser: Browser = await launch({
    executablePath,
    args: [...args],
    userDataDir,
    timeout: longest,
    protocolTimeout: longest,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(longest);
    await page.goto(url);
    const { resumedAt, error } = await begin(page);
    if (delay === null) {
      await page.waitForFunction(() => (document.querySelector('adaptive-lm')?.seenOfRun?.saved ?? 0) > 0, {
        polling: 50,
      });
    } else await new Promise((resolve) => setTimeout(resolve, delay));
    const seen = await page.$eval('adaptive-lm', (element) => element.seenOfRun ?? { saved: 0, reached: 0 });
    const kill: Kill = { resumedAt, savedAt: before.saved, reached: before.reached, error };
    return {
      kill,
      seen: { saved: Math.max(seen.saved, before.saved), reached: Math.max(seen.reached, before.reached) },
    };
  } finally {
    const ended = new Promise((resolve) => browser.process()?.once('exit', resolve));
    browser.process()?.kill('SIGKILL');
    await ended;
    await browser.disconnect();
  }
}

async function begin(page: Page) {
  return page.$eval(
    'adaptive-lm',
    async (element, keepEvery) => {
      const seen = { saved: 0, reached: 0 };
      element.seenOfRun = seen;
      element.addEventListener('adaptive-saved', ({ step }) => (seen.saved = step ?? Infinity));
      element.addEventListener('adaptive-progress', ({ progress }) => (seen.reached = progress.step));
      element.keepEvery = keepEvery;
      const stored = (await element.stored()).models.find(({ name }) => name === 'killed');
      const resumedAt = stored?.run?.step ?? null;
      element.keep = 'killed';
      const size = {
        cell: 'lstm' as const,
        adaptation: 'io' as const,
        latent: 'recurrent' as const,
        embeddingSize: 32,
        hiddenSizes: [192],
        latentSize: 16,
        tiedDecoder: false,
      };
      const options = { size, batchSize: 4, segmentLength: 8, epochs: 100_000, sampleEvery: 1_000_000, threads: 1 };
      const running = new Promise((resolve) => element.addEventListener('adaptive-progress', resolve, { once: true }));
      const text = 'The lamp must be fed, and the clock must be wound. '.repeat(200);
      const run = resumedAt === null ? element.train(text, options) : element.continueTraining();
      const failed = run.then(
        ({ reason }) => `It ended: ${reason}.`,
        (error: unknown) => String(error),
      );
      const error = await Promise.race([running.then(() => ''), failed]);
      return { resumedAt, error };
    },
    interval,
  );
}

/**
 * Kills browsers of one profile, and looks at what the next one finds. The first dies when something was kept, the others a
 * tenth of a second to one and a half after their first step: within steps, within checkpoints, before any. `url` serves the page.
 * @param parts of that time, 0 … 1, one for each kill.
 */
export async function killOverAndOver(
  url: string,
  args: readonly string[],
  parts: readonly number[],
  onKill: (kill: Kill, index: number) => void = () => {},
): Promise<readonly Kill[]> {
  const profile = await mkdtemp(join(tmpdir(), 'adaptive-lm-profile-'));
  const kills: Kill[] = [];
  try {
    let before: Seen = { saved: 0, reached: 0 };
    for (const [i, part] of [null, ...parts].entries()) {
      const { kill, seen } = await round(url, args, profile, part === null ? null : 100 + 1400 * part, before);
      before = seen;
      if (i > 0) {
        kills.push(kill);
        onKill(kill, i);
      }
    }
    return kills;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What is wrong after a kill, or ''. */
export function complaint({ resumedAt, savedAt, error }: Kill): string {
  if (error !== '') return error;
  if ((resumedAt ?? 0) < savedAt) return `${savedAt} steps were kept, and ${resumedAt ?? 0} came back`;
  return '';
}
