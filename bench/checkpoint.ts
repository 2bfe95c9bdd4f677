/** `npm run bench -- checkpoint`: how long training waits for one, in Node on its disk, and in a page on the private file system. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { DiskFolder } from '../cli/disk-folder.js';
import { measureWaits } from './checkpoint-waits.js';
import { figure, type Figure } from './figure.js';
import type { BenchAnswer } from './page/worker.js';

export async function measureCheckpoint(page: Page): Promise<readonly Figure[]> {
  return [...(await onDisk()), ...(await inPage(page))];
}

async function onDisk(): Promise<readonly Figure[]> {
  const path = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  try {
    return await measureWaits(await DiskFolder.create(path));
  } finally {
    await rm(path, { recursive: true });
  }
}

/** In a worker; and what its page's main thread has to do meanwhile. */
async function inPage(page: Page): Promise<readonly Figure[]> {
  const { answer, longest } = await page.evaluate(async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ type: 'longtask' });
    const answered: BenchAnswer = await globalThis.measure({ kind: 'checkpoint' });
    observer.disconnect();
    return { answer: answered, longest: Math.max(0, ...tasks) };
  });
  if ('error' in answer) throw new Error(answer.error);
  // Tasks of less than 50 ms are not told of: 0 says that there was none.
  return [...answer.figures, figure('longest task of the main thread beyond 50 ms', 's', [longest / 1000])];
}
