/**
 * How long the page's main thread is at one task while the element loads, writes, trains, opens a panel, saves. Beside the
 * clock's time stands the processor's: on a busy machine a task is put aside in the middle, for which the page is not to blame.
 */
import type { Browser, Page } from 'puppeteer-core';
import { figure, type Figure } from './figure.js';

const visits = 3;

/** Of what the browser notes: tasks of a thread, and what the threads are called. Times in µs. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  /** Of the processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

interface Longest {
  /** ms by the clock, and of the processor. */
  readonly clock: number;
  readonly processor: number;
}

const text = 'The lamp must be fed, and the clock must be wound.\n'.repeat(100);

/** What is done, in this order, in one page. Each ends when the element has nothing more to do. */
const phases: readonly (readonly [name: string, work: (page: Page, url: string) => Promise<unknown>])[] = [
  [
    'loading',
    async (page, url) => {
      await page.goto(url);
      await page.waitForFunction(() => document.querySelector('adaptive-lm')?.state === 'ready');
    },
  ],
  ['writing', (page) => page.$eval('adaptive-lm', (element) => element.write('ROMEO:', { maxTokens: 8000 }))],
  ['training', (page) => page.$eval('adaptive-lm', (element, corpus) => element.train(corpus, { epochs: 40 }), text)],
  [
    'opening settings and form',
    async (page) => {
      for (const name of ['Settings', 'Train again', 'Advanced']) {
        const handle = await page.$(`::-p-aria([name="${name}"])`);
        await handle?.click();
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    },
  ],
  ['saving', (page) => page.$eval('adaptive-lm', (element) => element.save().then(({ size }) => size))],
];

function isTrace(value: unknown): value is { readonly traceEvents: readonly TraceEvent[] } {
  return typeof value === 'object' && value !== null && 'traceEvents' in value && Array.isArray(value.traceEvents);
}

function readTrace(json: string): readonly TraceEvent[] {
  const trace: unknown = JSON.parse(json);
  if (!isTrace(trace)) throw new Error('The browser noted nothing.');
  return trace.traceEvents;
}

/** The longest task of a page's main thread while it does `work`. */
async function longestTask(page: Page, work: () => Promise<unknown>): Promise<Longest> {
  await page.tracing.start({ categories: ['toplevel', 'devtools.timeline', '__metadata'] });
  await work();
  await new Promise((resolve) => setTimeout(resolve, 200)); // what it draws at last
  const trace = await page.tracing.stop();
  const traceEvents = readTrace(new TextDecoder().decode(trace));
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const isMain = (event: TraceEvent) => mains.some(({ pid, tid }) => pid === event.pid && tid === event.tid);
  const tasks = traceEvents.filter((event) => /RunTask/.test(event.name) && isMain(event));
  if (tasks.length === 0) throw new Error('The browser noted no task.');
  return {
    clock: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
    processor: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
  };
}

export async function measureResponsiveness(browser: Browser, url: string): Promise<Figure[]> {
  const found = new Map<string, Longest[]>(phases.map(([name]) => [name, []]));
  for (let visit = 0; visit < visits; visit++) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    for (const [name, work] of phases) {
      found.get(name)?.push(await longestTask(page, () => work(page, url)));
    }
    await context.close();
  }
  return [...found].flatMap(([name, longest]) => [
    figure(
      `longest task, ${name}`,
      'ms',
      longest.map(({ clock }) => clock),
    ),
    figure(
      `the same, of the processor`,
      'ms',
      longest.map(({ processor }) => processor),
    ),
  ]);
}
