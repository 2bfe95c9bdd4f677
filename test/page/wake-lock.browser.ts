/** `keep-awake`: the screen's lock is taken while it trains, and given back. */
import { assert, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import '../../components/define.js';
import { corpus, endless, reached, tiny, until } from './helpers.js';

/** Watches the platform's own lock. */
function watched() {
  const { wakeLock } = navigator;
  const request = wakeLock.request.bind(wakeLock);
  const locks: WakeLockSentinel[] = [];
  wakeLock.request = async (type) => {
    const lock = await request(type);
    locks.push(lock);
    return lock;
  };
  return { locks, restore: () => (wakeLock.request = request) };
}

it('is held while it trains, and released when the run ends', async () => {
  const { locks, restore } = watched();
  try {
    const element = await fixture<AdaptiveLm>(html`<adaptive-lm keep-awake></adaptive-lm>`);
    const running = element.train(corpus, endless);
    await reached(element, 'training');
    await until(() => locks.length > 0);
    assert.isFalse(locks[0]?.released);
    element.stopTraining();
    await running;
    await until(() => locks.every(({ released }) => released));
    const asleep = await fixture<AdaptiveLm>(html`<adaptive-lm></adaptive-lm>`);
    const before = locks.length;
    await asleep.train(corpus, tiny);
    assert.lengthOf(locks, before, 'only where it was asked for');
  } finally {
    restore();
  }
});
