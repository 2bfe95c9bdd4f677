/** `keep-awake`: the screen's lock is taken while it trains, whenever the page is seen, and given back. */
import { assert, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import '../../components/define.js';
import { corpus, endless, next, reached, tiny, until } from './helpers.js';

type Ask = () => Promise<WakeLockSentinel>;

/** The platform's own lock, watched. */
class WatchedLock {
  readonly locks: WakeLockSentinel[] = [];
  asked = 0;
  /** What stands between the platform and who asks for a lock. */
  through: (ask: Ask) => Promise<WakeLockSentinel> = (ask) => ask();
  readonly #request = navigator.wakeLock.request.bind(navigator.wakeLock);

  constructor() {
    navigator.wakeLock.request = async (type) => {
      this.asked++;
      const lock = await this.through(() => this.#request(type));
      this.locks.push(lock);
      return lock;
    };
  }

  get held(): number {
    return this.locks.filter(({ released }) => !released).length;
  }

  restore(): void {
    navigator.wakeLock.request = this.#request;
  }
}

function mount(): Promise<AdaptiveLm> {
  return fixture<AdaptiveLm>(html`<adaptive-lm keep-awake></adaptive-lm>`);
}

/** As when another tab was in front for a while. */
function comeBack(): void {
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('<adaptive-lm keep-awake>', () => {
  let screen: WatchedLock;
  beforeEach(() => {
    screen = new WatchedLock();
  });
  afterEach(() => screen.restore());

  it('holds the lock while it trains, and lets go when the run ends; without it nobody asks', async () => {
    const element = await mount();
    const running = element.train(corpus, endless);
    await until(() => screen.held === 1);
    element.stopTraining();
    await running;
    await until(() => screen.held === 0);
    await element.train(corpus, tiny);
    await until(() => screen.locks.length === 2 && screen.held === 0);
    const asleep = await fixture<AdaptiveLm>(html`<adaptive-lm></adaptive-lm>`);
    const { asked } = screen;
    await asleep.train(corpus, tiny);
    assert.equal(screen.asked, asked, 'only where it was asked for');
  });

  it('asks again when the page is seen again, as long as it trains, and not while nobody sees it', async () => {
    const element = await mount();
    const running = element.train(corpus, endless);
    await until(() => screen.held === 1);
    await screen.locks[0]?.release(); // as the platform does when the page is hidden
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
    comeBack();
    assert.equal(screen.asked, 1);
    Reflect.deleteProperty(document, 'visibilityState');
    comeBack();
    await until(() => screen.held === 1);
    assert.equal(screen.asked, 2);
    element.stopTraining();
    await running;
    await until(() => screen.held === 0);
    comeBack();
    assert.equal(screen.asked, 2, 'the run is over');
  });

  it('lets go of a lock that comes when the run has ended', async () => {
    let come = (): void => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    screen.through = (ask) => late.then(ask);
    const element = await mount();
    const running = element.train(corpus, endless);
    await until(() => screen.asked === 1);
    element.stopTraining();
    await running;
    await new Promise((resolve) => setTimeout(resolve));
    come();
    await until(() => screen.locks.length === 1 && screen.held === 0);
  });

  it('trains all the same where the platform refuses', async () => {
    screen.through = () => Promise.reject(new DOMException('low on power', 'NotAllowedError'));
    const unheard: unknown[] = [];
    const hear = (event: PromiseRejectionEvent): void => void unheard.push(event.reason);
    window.addEventListener('unhandledrejection', hear);
    const element = await mount();
    const running = element.train(corpus, endless);
    await reached(element, 'training');
    await until(() => screen.asked === 1);
    await next(element, 'adaptive-progress');
    element.stopTraining();
    assert.equal((await running).reason, 'stopped');
    assert.equal(element.state, 'ready');
    window.removeEventListener('unhandledrejection', hear);
    assert.deepEqual(unheard, []);
  });
});
