/**
 * Counts what a page holds before and after many visits of one kind. In a browser of its own: its counters are those of a
 * process, in which nobody else may have anything.
 */
import { launch, type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { serveLeakPage } from './server.js';
import { standingWorkers, type Visit } from './visits.js';

/** What the browser counts in the page's process, in workers and their workers too. A leak adds to one of them at each visit. */
const counters: readonly string[] = [
  ...['Documents', 'Nodes', 'JSEventListeners', 'ContextLifecycleStateObservers', 'ResourceFetchers'],
  ...['WorkerGlobalScopes', 'DetachedScriptStates', 'ArrayBufferContents'],
];

/** A counter may grow by less than this at each visit. */
const slack = 1 / 3;

/** ms for a worker that was told to end to have ended: within a kernel that takes the browser seconds, on a busy machine more. */
const patience = 60_000;

export interface Times {
  /** Before the first count: what is made once is made then. */
  readonly warmUp: number;
  readonly times: number;
  /** Visits at the same time. */
  readonly abreast: number;
}

/** Whether nothing stays but `heap` bytes of a visit. */
export function leavesNothing({ leaked, heapPerVisit }: Growth, heap: number): boolean {
  return Object.keys(leaked).length === 0 && heapPerVisit < heap;
}

export interface Growth extends Times {
  readonly visit: Visit;
  /** Of every counter that grew, by how much at each visit. Empty where nothing leaks. */
  readonly leaked: Readonly<Record<string, number>>;
  /** Bytes of the page's JavaScript heap at each visit, garbage collected. */
  readonly heapPerVisit: number;
  readonly seconds: number;
}

type Counts = ReadonlyMap<string, number>;

export class LeakMeter {
  private constructor(
    readonly browser: Browser,
    readonly page: Page,
    readonly session: CDPSession,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<LeakMeter> {
    const { url, server } = await serveLeakPage();
    const browser = await launch({
      executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      timeout: 300_000,
      protocolTimeout: 600_000,
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(300_000);
    await page.goto(url);
    await page.waitForFunction('globalThis.visit');
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    return new LeakMeter(browser, page, session, async () => {
      await browser.close();
      server.close();
    });
  }

  /** What is made once may be made late: a growth counts if it comes again, each of `attempts` times. `heap`: see leavesNothing. */
  async measure(visit: Visit, times: Times, heap: number, attempts = 3): Promise<Growth> {
    let growth = await this.#measure(visit, times);
    for (let i = 1; i < attempts && !leavesNothing(growth, heap); i++)
      growth = await this.#measure(visit, { ...times, warmUp: 0 });
    return growth;
  }

  async #measure(visit: Visit, times: Times): Promise<Growth> {
    const started = performance.now();
    await this.#visit(visit, times.warmUp, times.abreast);
    const before = await this.#settled((counts) => counts.get('WorkerGlobalScopes') === standingWorkers(visit));
    await this.#visit(visit, times.times, times.abreast);
    const grown = (counts: Counts) => growth(before, counts, times.times, standingWorkers(visit) === 0);
    const after = await this.#settled((counts) => Object.keys(grown(counts)).length === 0);
    const heap = (counts: Counts): number => counts.get('JSHeapUsedSize') ?? NaN;
    const heapPerVisit = (heap(after) - heap(before)) / times.times;
    const seconds = (performance.now() - started) / 1000;
    return { visit, ...times, leaked: grown(after), heapPerVisit, seconds };
  }

  #visit(visit: Visit, times: number, abreast: number): Promise<void> {
    return this.page.evaluate((...given) => globalThis.visit(...given), visit, times, abreast);
  }

  /** Counts until it is well, or has not become so for as long as that may take. */
  async #settled(isWell: (counts: Counts) => boolean): Promise<Counts> {
    const deadline = performance.now() + patience;
    for (;;) {
      const counts = await this.#count();
      if (isWell(counts) || performance.now() > deadline) return counts;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #count(): Promise<Counts> {
    // What one collection frees may be all that held something else.
    for (let i = 0; i < 3; i++) await this.session.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  }
}

/** Buffers of a worker that stays are no measure: nobody can make it collect its garbage. */
function growth(before: Counts, after: Counts, times: number, buffers: boolean): Record<string, number> {
  const grown: Record<string, number> = {};
  for (const name of counters) {
    if (name === 'ArrayBufferContents' && !buffers) continue;
    const perVisit = ((after.get(name) ?? NaN) - (before.get(name) ?? NaN)) / times;
    if (!(perVisit < slack)) grown[name] = perVisit; // also where the browser does not know the counter
  }
  return grown;
}
