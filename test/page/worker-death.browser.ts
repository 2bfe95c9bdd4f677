/** Workers that die for real: everybody who waits is told, and the next load or training starts another. */
import { expect, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { button, settled } from '../components/helpers.js';
import {
  checkAlive,
  corpus,
  endless,
  modelFile,
  mount,
  next,
  nextError,
  reached,
  refuses,
  tiny,
  writeSame,
} from './helpers.js';
import { Watch, mountWatched } from './watch.js';
import { checkShown, codeOf } from './helpers.js';

const what = [/^The worker stopped: .*out of luck/, /Load the model again/];

describe('<adaptive-lm> whose worker dies', () => {
  let watch: Watch;
  beforeEach(() => {
    watch = new Watch();
  });
  afterEach(() => watch.close());

  it('says so while training, and trains anew with another', async () => {
    const element = await mountWatched();
    const error = nextError(element);
    const code = codeOf(element.train(corpus, endless));
    await reached(element, 'training');
    watch.killAll();
    expect(await code).to.equal('worker');
    await settled(element);
    checkShown(element, await error, what);
    expect(element.model).to.equal(null);
    expect((await element.train(corpus, tiny)).reason).to.equal('finished');
    expect(element.state).to.equal('ready');
    await checkAlive(element);
  });

  it('says so while writing, keeps the text that was written, and loads anew', async () => {
    const element = await mountWatched();
    const text = await writeSame(element);
    const code = codeOf(element.write('The ', { temperature: 0, maxTokens: 1_000_000 }));
    await reached(element, 'writing');
    await next(element, 'adaptive-text');
    watch.killAll();
    expect(await code).to.equal('worker');
    await settled(element);
    expect(element.state).to.equal('error');
    expect(element.text.length).to.be.greaterThan(0);
    await element.load(await modelFile());
    expect(await writeSame(element)).to.equal(text);
    await checkAlive(element);
  });

  it('says so when it died while nothing was asked of it', async () => {
    const element = await mountWatched();
    const text = await writeSame(element);
    watch.killAll();
    await watch.untilAlive(0);
    const error = nextError(element);
    expect(await codeOf(element.write('The '))).to.equal('worker');
    await settled(element);
    checkShown(element, await error, what);
    expect(element.text).to.equal(text);
    expect(element.model).to.equal(null);
    await element.load(await modelFile());
    expect(await writeSame(element)).to.equal(text);
  });

  it('loads its src again, by itself for the next writing or by its button', async () => {
    const element = await mountWatched(URL.createObjectURL(await modelFile()));
    await reached(element, 'ready');
    const text = await writeSame(element);
    for (const again of ['by itself', 'by its button']) {
      const code = codeOf(element.train(corpus, endless));
      await reached(element, 'training');
      watch.killAll();
      expect(await code).to.equal('worker');
      await settled(element);
      if (again === 'by its button') {
        button(element, 'Load again').click();
        await reached(element, 'ready');
      }
      expect(await writeSame(element)).to.equal(text);
    }
  });

  it('does not touch the workers of other elements', async () => {
    const [mortal, other] = [await mountWatched(), await mount()];
    const writing = other.write('The ', { temperature: 0, maxTokens: 20_000 });
    const code = codeOf(mortal.train(corpus, endless));
    await reached(mortal, 'training');
    watch.killAll();
    expect(await code).to.equal('worker');
    expect(await writing).to.have.lengthOf(20_000);
  });
});

describe('<adaptive-lm> whose worker cannot be started', () => {
  it('says what to check, and starts the right one once worker-url is right', async () => {
    const element = await fixture<AdaptiveLm>(html`<adaptive-lm worker-url="/no-such-worker.js"></adaptive-lm>`);
    const file = await modelFile();
    await refuses(element, () => element.load(file), 'worker', 'worker.js', 'worker-url');
    await refuses(element, () => element.train(corpus, tiny), 'worker', 'worker.js');
    element.removeAttribute('worker-url');
    await element.load(file);
    await checkAlive(element);
  });
});
