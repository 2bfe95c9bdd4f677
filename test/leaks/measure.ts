/** Counts what a page holds, before and after many visits of one kind: in a browser of its own, whose counters nobody else moves. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { launch, type CDPSession, type Page } from 'puppeteer-core';
import sirv from 'sirv';
import type { Visit } from './page.js';

/** What the browser counts in the page's process, its workers and their workers included. A leak adds to one of them at each visit. */
const counted = [
  ...['Documents', 'Nodes', 'JSEventListeners', 'ContextLifecycleStateObservers', 'ResourceFetchers'],
  ...['WorkerGlobalScopes', 'DetachedScriptStates', 'ArrayBufferContents'],
] as const;

/** A counter may move by so many of the visits: something that is made once, be it late, is no leak. */
const slack = 1 / 4;

/** For a worker that was told to end to have ended, ms: one that is within a kernel takes the browser seconds, a busy machine more. */
const patience = 30_000;

export interface Growth {
  readonly visit: Visit;
  readonly times: number;
  /** Of every counter that grew, how much at each visit. Empty where nothing leaks. */
  readonly leaked: Readonly<Record<string, number>>;
  /** Bytes of the page's JavaScript heap, after collecting garbage. */
  readonly heap: number;
  readonly heapPerVisit: number;
}

export interface Times {
  /** Before the first count: what is made once is made then. */
  readonly warmUp: number;
  readonly times: number;
  readonly abreast: number;
}

type Counts = ReadonlyMap<string, number>;

async function count(session: CDPSession): Promise<Counts> {
  // What one collection frees may be all that held the next.
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

function growthOf(before: Counts, after: Counts, times: number): Record<string, number> {
  const entries = counted.map((name): [string, number] => [name, (after.get(name) ?? NaN) - (before.get(name) ?? 0)]);
  return Object.fromEntries(entries.filter(([, grown]) => !(grown <= slack * times)).map(([n, grown]) => [n, grown / times]));
}

/** Counts until nothing has grown, or for so long that it will not go any more. */
async function settle(session: CDPSession, before: Counts, times: number): Promise<Counts> {
  const deadline = performance.now() + patience;
  for (;;) {
    const counts = await count(session);
    if (Object.keys(growthOf(before, counts, times)).length === 0 || performance.now() > deadline) return counts;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Of a page in which nothing is left of the visits so far. */
const still: Counts = new Map([['WorkerGlobalScopes', 0]]);

async function settledAlone(session: CDPSession): Promise<Counts> {
  const deadline = performance.now() + patience;
  for (;;) {
    const counts = await count(session);
    if (counts.get('WorkerGlobalScopes') === still.get('WorkerGlobalScopes') || performance.now() > deadline) return counts;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const heapSize = 'JSHeapUsedSize';

async function measure(page: Page, session: CDPSession, visit: Visit, { warmUp, times, abreast }: Times): Promise<Growth> {
  await page.evaluate((...given) => globalThis.visit(...given), visit, warmUp, abreast);
  const before = await settledAlone(session);
  await page.evaluate((...given) => globalThis.visit(...given), visit, times, abreast);
  const after = await settle(session, before, times);
  const heap = after.get(heapSize) ?? NaN;
  const heapPerVisit = (heap - (before.get(heapSize) ?? NaN)) / times;
  return { visit, times, leaked: growthOf(before, after, times), heap, heapPerVisit };
}
