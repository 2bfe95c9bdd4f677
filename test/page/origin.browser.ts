/** Nothing leaves: whatever page and worker fetch, from the start over training and writing to saving, is our own. */
import { aTimeout, expect } from '@open-wc/testing';
import { corpus, checkAlive, modelFile, reached, tiny, until } from './helpers.js';
import { Watch, mountWatched } from './watch.js';

function ours(address: string): boolean {
  const { origin } = new URL(address); // of blob: addresses too
  return origin === location.origin;
}

describe('<adaptive-lm> keeps to itself', () => {
  it('fetches nothing from another origin', async () => {
    const watch = new Watch();
    const fetched: string[] = [];
    const observer = new PerformanceObserver((list) => fetched.push(...list.getEntries().map(({ name }) => name)));
    observer.observe({ type: 'resource', buffered: true });
    const src = URL.createObjectURL(await modelFile());
    const element = await mountWatched(src);
    await reached(element, 'ready');
    await element.train(corpus, { ...tiny, epochs: 5 });
    await element.write('https://example.com/?q=', { maxTokens: 200 });
    await element.load(await element.save());
    await checkAlive(element);
    // What is told comes some time after.
    await until(() => fetched.some((address) => address.includes('watched-worker.js')));
    await until(() => watch.fetched.some((address) => /\/kernels[\w-]*\.wasm$/.test(address)));
    await aTimeout(200);
    observer.disconnect();
    watch.close();
    expect([...fetched, ...watch.fetched].filter((address) => !ours(address))).to.deep.equal([]);
  });
});
