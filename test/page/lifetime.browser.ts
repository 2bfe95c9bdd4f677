/** Elements that leave the page, come back, are moved: no worker outlives its element, and none dies of a move. */
import { aTimeout, expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { ModelClient } from '../../worker/client.js';
import { settled } from '../components/helpers.js';
import { checkAlive, codeOf, corpus, endless, modelFile, mount, next, reached, tiny, writeSame } from './helpers.js';
import { Watch, mountWatched } from './watch.js';

/** ms; more than a move takes. */
const gone = 650;

const atWork: Readonly<Record<string, (element: AdaptiveLm) => Promise<unknown>>> = {
  writing: (element) => element.write('The ', { maxTokens: 1_000_000 }),
  training: (element) => element.train(corpus, endless),
  paused: (element) => {
    element.addEventListener('adaptive-progress', () => element.pauseTraining(), { once: true });
    return element.train(corpus, endless);
  },
};

const states = ['writing', 'training', 'paused'] as const;

describe('<adaptive-lm> out of the page', () => {
  let watch: Watch;
  beforeEach(async () => {
    watch = new Watch();
    watch.killAll(); // the worker of the test before may not have ended yet
    await watch.untilAlive(0);
  });
  afterEach(() => watch.close());

  for (const state of states) {
    it(`ends its worker while ${state}, and works again when it is back`, async () => {
      const element = await mountWatched();
      const parent = element.parentElement;
      const code = codeOf(atWork[state]?.(element) ?? Promise.resolve());
      await reached(element, state);
      await watch.untilAlive(1);
      element.remove();
      expect(await code).to.equal('destroyed');
      expect(element.state).to.equal('empty');
      expect(element.model).to.equal(null);
      await watch.untilAlive(0);
      parent?.append(element);
      await settled(element);
      expect(element.shadowRoot?.querySelector('adaptive-lm-message')?.notice).to.match(/Open a saved file/);
      await element.load(await modelFile());
      await checkAlive(element);
    });
  }

  it('loads its src again when it is back', async () => {
    const src = URL.createObjectURL(await modelFile());
    const element = await mountWatched(src);
    await reached(element, 'ready');
    const text = await writeSame(element);
    const parent = element.parentElement;
    const code = codeOf(element.train(corpus, endless));
    await reached(element, 'training');
    element.remove();
    expect(await code).to.equal('destroyed');
    parent?.append(element);
    await reached(element, 'ready');
    expect(await writeSame(element)).to.equal(text);
    await checkAlive(element);
  });

  it('leaves no worker behind, however many come and go', async () => {
    for (let round = 0; round < 4; round++) {
      const element = await mountWatched();
      codeOf(element.train(corpus, endless)).catch(() => {});
      await reached(element, 'training');
      element.remove();
    }
    await watch.untilAlive(0);
  });
});

describe('<adaptive-lm> moved', () => {
  it('trains on, wherever it is moved to', async () => {
    const element = await mount();
    const parent = element.parentElement;
    const steps: number[] = [];
    element.addEventListener('adaptive-progress', ({ progress }) => steps.push(progress.step));
    const work = element.train(corpus, endless);
    await reached(element, 'training');
    const host = document.createElement('div');
    const places = [document.createElement('section'), host.attachShadow({ mode: 'open' })];
    parent?.append(host, ...places.slice(0, 1));
    for (const place of places) {
      place.append(element);
      await aTimeout(gone);
      expect(element.state).to.equal('training');
    }
    element.remove();
    await aTimeout(200); // out of the page, but not for long
    parent?.append(element);
    await aTimeout(gone);
    expect(element.state).to.equal('training');
    const before = steps.at(-1) ?? Infinity;
    await next(element, 'adaptive-progress');
    expect(steps.at(-1)).to.be.greaterThan(before);
    element.stopTraining();
    expect((await work).reason).to.equal('stopped');
    await checkAlive(element);
  });

  it('is not disturbed by another one beside it', async () => {
    const [one, other] = [await mount(), await mount()];
    const alone = await writeSame(one);
    const training = one.train(corpus, { ...tiny, epochs: 20 });
    expect(await writeSame(other)).to.equal(alone);
    other.remove();
    expect((await training).reason).to.equal('finished');
  });
});

describe('ModelClient on the real worker', () => {
  it('ends what is under way when it is destroyed', async () => {
    const client = new ModelClient();
    await client.loadFile(await modelFile());
    const codes = [client.generate({ maxTokens: 1_000_000 }), client.info(), client.export()].map(codeOf);
    client.destroy();
    expect(await Promise.all(codes)).to.deep.equal(['destroyed', 'destroyed', 'destroyed']);
    expect(await codeOf(client.info())).to.equal('destroyed');
  });
});
