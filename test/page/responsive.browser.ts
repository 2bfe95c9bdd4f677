/**
 * The page stays alive: while the worker trains or writes as fast as it can, no task on the main thread, the element's
 * drawing included, takes 50 ms (https://www.w3.org/TR/longtasks-1/).
 */
import { aTimeout, expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { settled } from '../components/helpers.js';
import { corpus, endless, mountEmpty, reached, tiny, until } from './helpers.js';
import { tasksDuring } from './main-thread.js';

const texts: readonly (readonly [name: string, seconds: number, text: string])[] = [
  ['lines', 1.5, 'The lamp must be fed, and the clock must be wound.\n'.repeat(50)],
  // Nothing to break the lines at but spaces, and no end of a sentence to announce.
  ['one line without end', 2, 'the lamp must be fed and the clock must be wound and '.repeat(50)],
];

/** ms of each task that took too long. */
async function longTasks(work: () => Promise<void>): Promise<readonly number[]> {
  return (await tasksDuring(work)).filter((duration) => duration >= 50);
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
      const end = performance.now() + 1000;
      while (performance.now() < end);
    });
    expect(durations).to.have.lengthOf(1);
  });

  it('during 3 s of training', async () => {
    const element = await mountEmpty();
    const work = element.train(corpus, { ...endless, size: 'small', validateEvery: 20, sampleEvery: 20 });
    const updates = count(element, 'adaptive-progress');
    await reached(element, 'training');
    await until(() => updates() > 3);
    expect(await longTasks(() => aTimeout(3000))).to.deep.equal([]);
    await until(() => updates() > 20);
    element.stopTraining();
    await work;
  });

  for (const [name, seconds, text] of texts) {
    it(`during ${seconds} s of writing ${name}, prompts and settings changing meanwhile`, async () => {
      const element = await mountEmpty();
      await element.train(text, { ...tiny, epochs: 40 });
      await settled(element);
      const updates = count(element, 'adaptive-text');
      const durations = await longTasks(async () => {
        const work = element.write('the ', { maxTokens: 1_000_000 });
        for (let i = 0; i < 10 * seconds; i++) {
          element.prompt = `the lamp ${i}`;
          element.temperature = 0.5 + i / 100;
          await aTimeout(100);
        }
        await until(() => updates() > 50 && element.text.length > 10_000);
        element.stop();
        await work;
        await settled(element);
      });
      expect(durations).to.deep.equal([]);
    });
  }
});
