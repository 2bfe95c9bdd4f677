/** `npm run bench -- corpus`: how fast texts are read, and how little memory a large one takes. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'puppeteer-core';
import type { BenchAnswer, BenchRequest } from './page/worker.js';
import type { CorpusCase } from './page/corpus.js';
import { figure } from './figure.js';
import { print, withLimit, type Line } from './report.js';

const cases: readonly CorpusCase[] = [
  { form: 'plain', tokenizer: 'characters', megabytes: 50 },
  { form: 'gzip', tokenizer: 'characters', megabytes: 50 },
  { form: 'html', tokenizer: 'characters', megabytes: 50 },
  { form: 'plain', tokenizer: 'bpe', megabytes: 50 },
];
const large: CorpusCase = { form: 'plain', tokenizer: 'characters', megabytes: 1000 };

export async function measureCorpora(browser: Browser, page: Page): Promise<Line[]> {
  const lines: Line[] = [];
  const add = (line: Line): void => {
    lines.push(line);
    print(line);
  };
  const measure = async (request: CorpusCase): Promise<void> => {
    const question: BenchRequest = { kind: 'corpus', ...request };
    const answer: BenchAnswer = await page.evaluate((asked) => globalThis.measure(asked), question);
    if ('error' in answer) throw new Error(answer.error);
    for (const each of answer.figures) add(withLimit(each, null, ''));
  };
  for (const each of cases) await measure(each);
  const before = await peakBytes(browser);
  await measure(large);
  const after = await peakBytes(browser);
  // Only Linux tells what a process held at most.
  if (before !== null && after !== null) {
    add(withLimit(figure('corpus 1,000 MB, peak of the page', 'bytes', [after]), null, ''));
    add(withLimit(figure('  beyond that of 50 MB', 'bytes', [after - before]), null, ''));
  }
  return lines;
}

/** What the largest process of a page has held at most, as the system counts it. */
async function peakBytes(browser: Browser): Promise<number | null> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakOf(id)));
  const known = peaks.filter((peak) => peak !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

async function peakOf(process: number): Promise<number | null> {
  try {
    const kibibytes = /VmHWM:\s*(\d+) kB/.exec(await readFile(`/proc/${process}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? null : 1024 * Number(kibibytes);
  } catch {
    return null;
  }
}
