/**
 * The page stays alive: while the worker trains or writes as fast as it can, no task on the main thread, the element's
 * drawing included, takes 50 ms (https://www.w3.org/TR/longtasks-1/).
 *
 * The browser measures tasks by the clock on the wall. Where more wants to run than there are processors, a task that
 * was merely put aside in the middle counts as a long one. So the same is done up to three times, and only a second in
 * which each of them had a long task counts: what is put aside differs from time to time, what the element needs does not.
 */
import { aTimeout, expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { settled } from '../components/helpers.js';
import { corpus, endless, mountEmpty, reached, tiny } from './helpers.js';

const attempts = 5;

const texts: readonly (readonly [name: string, seconds: number, text: string])[] = [
  ['lines', 1.5, 'The lamp must be fed, and the clock must be wound.\n'.repeat(50)],
  // Nothing to break the lines at but spaces, and no end of a sentence to announce.
  ['one line without end', 3, 'the lamp must be fed and the clock must be wound and '.repeat(50)],
];

/** ms of the longest of the long tasks in each second of `work` that had one. */
async function longTasks(work: () => Promise<void>): Promise<Map<number, number>> {
  const started = performance.now();
  const longest = new Map<number, number>();
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      const second = Math.floor((startTime - started) / 1000);
      longest.set(second, Math.max(duration, longest.get(second) ?? 0));
    }
  });
  observer.observe({ type: 'longtask' });
  await work();
  await aTimeout(100); // the last entries come after their tasks
  observer.disconnect();
  return longest;
}

/** ms of the least that some attempts had in each second in which all had a long task. */
async function inevitableLongTasks(work: () => Promise<void>): Promise<number[]> {
  let least = await longTasks(work);
  for (let i = 1; i < attempts && least.size > 0; i++) {
    const next = await longTasks(work);
    const common = [...least].filter(([second]) => next.has(second));
    least = new Map(common.map(([second, duration]) => [second, Math.min(duration, next.get(second) ?? 0)]));
  }
  return [...least.values()];
}

/** Counts what the element had to do meanwhile. */
function count(element: AdaptiveLm, name: 'adaptive-text' | 'adaptive-progress'): () => number {
  let events = 0;
  element.addEventListener(name, () => events++);
  return () => events;
}

describe('<adaptive-lm> leaves the page alive', () => {
  it('sees long tasks at all', async () => {
    const durations = await longTasks(async () => {
      await aTimeout(50);
      setTimeout(() => {
        const end = performance.now() + 80;
        while (performance.now() < end);
      });
      await aTimeout(200);
    });
    expect(Math.max(...durations.values())).to.be.at.least(80);
  });

  it('during 5 s of training', async () => {
    const element = await mountEmpty();
    const work = element.train(corpus, { ...endless, size: 'small', validateEvery: 20, sampleEvery: 20 });
    const updates = count(element, 'adaptive-progress');
    await reached(element, 'training');
    await aTimeout(300);
    expect(await inevitableLongTasks(() => aTimeout(5000))).to.deep.equal([]);
    expect(updates()).to.be.greaterThan(20);
    element.stopTraining();
    await work;
  });

  for (const [name, seconds, text] of texts) {
    it(`during ${seconds} s of writing ${name}, prompts and settings changing meanwhile`, async () => {
      const element = await mountEmpty();
      await element.train(text, { ...tiny, epochs: 40 });
      await settled(element);
      const updates = count(element, 'adaptive-text');
      const durations = await inevitableLongTasks(async () => {
        const work = element.write('the ', { maxTokens: 1_000_000 });
        for (let i = 0; i < 10 * seconds; i++) {
          element.prompt = `the lamp ${i}`;
          element.temperature = 0.5 + i / 100;
          await aTimeout(100);
        }
        element.stop();
        await work;
        await settled(element);
      });
      expect(durations).to.deep.equal([]);
      expect(updates()).to.be.greaterThan(50);
      expect(element.text.length).to.be.greaterThan(10_000);
    });
  }
});
