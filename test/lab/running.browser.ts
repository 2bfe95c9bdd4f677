/** `<activation-lab>` on the real worker: start, pause, step, reset, settings, switching, leaving. */
import { aTimeout, assert, expect, fixture, html } from '@open-wc/testing';
import type { ActivationLab } from '../../components/lab/define.js';
import { until } from '../page/helpers.js';
import { Watch } from '../page/watch.js';
import { alertText, all, drawn, mountLab, one, picture, press, untilState } from './helpers.js';

/** Steps of the run that the newest frame shows. */
function done(element: ActivationLab): number {
  return element.frame?.progress.done ?? 0;
}

async function framesLater(element: ActivationLab, count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) {
    await new Promise((resolve) => element.addEventListener('lab-frame', resolve, { once: true }));
  }
}

/** No frame came for a while. */
async function still(element: ActivationLab): Promise<void> {
  for (let before = NaN; before !== done(element);) {
    before = done(element);
    await aTimeout(500);
  }
}

describe('<activation-lab experiment="sine">', () => {
  it('shows its beginning, starts, pauses, goes on, steps and resets', async () => {
    const element = await mountLab('sine');
    await untilState(element, 'ready');
    await framesLater(element, done(element) > 0 ? 0 : 1);
    const first = done(element);
    await expect(element).to.be.accessible();
    press(element, 'Start');
    await framesLater(element, 3);
    expect(element.state).to.equal('running');
    press(element, 'Pause');
    await still(element); // what was under way
    const held = done(element);
    expect(held).to.be.greaterThan(first);
    await aTimeout(150);
    expect(done(element)).to.equal(held);
    press(element, 'Step');
    await framesLater(element, 1);
    expect(done(element)).to.equal(held + 4);
    expect(element.state).to.equal('paused');
    press(element, 'Go on');
    await framesLater(element, 2);
    press(element, 'Reset');
    await untilState(element, 'ready');
    await framesLater(element, done(element) === first ? 0 : 1);
    expect(done(element)).to.equal(first);
    await expect(element).to.be.accessible();
  });

  it('shows another picture with every frame, and says in words what it shows', async () => {
    const element = await mountLab('sine');
    await untilState(element, 'ready');
    element.start();
    const pictures = new Set<string>();
    for (let frame = 0; frame < 20; frame++) {
      await framesLater(element, 1);
      await element.updateComplete;
      await Promise.all([...all<LitLike>(element, 'activation-lab-figure')].map((each) => each.updateComplete));
      pictures.add(picture(element));
    }
    assert.isAtLeast(pictures.size, 18);
    element.pause();
    await drawn(element);
    expect(one(element, '.drawing').getAttribute('aria-label')).to.match(/Mean squared error in the valley/);
    expect(one(element, '[role="status"]:not(.message *)').isConnected).to.equal(true);
  });

  it('runs to its end, and sets claims beside what was measured', async () => {
    const element = await mountLab('sine');
    element.set('steps', 40);
    await untilState(element, 'ready');
    press(element, 'Start');
    await untilState(element, 'finished');
    expect(done(element)).to.equal(40);
    expect(all(element, 'activation-lab-claims tbody tr, tbody tr')).to.have.length.greaterThan(1);
    await expect(element).to.be.accessible();
    press(element, 'Start again');
    await untilState(element, 'running');
  });

  it('begins anew with another setting while it runs, and makes the same of the same seed', async () => {
    const element = await mountLab('sine');
    element.set('steps', 30);
    await untilState(element, 'ready');
    press(element, 'Start');
    await untilState(element, 'finished');
    const before = JSON.stringify(element.frame);
    element.set('steps', 3000);
    await untilState(element, 'ready');
    press(element, 'Start');
    await framesLater(element, 2);
    element.set('steps', 30);
    await untilState(element, 'preparing');
    await untilState(element, 'finished');
    expect(JSON.stringify(element.frame)).to.equal(before);
    expect(alertText(element)).to.equal('');
  });

  for (const [name, value, saying] of [
    ['hiddenSize', 0, /hiddenSize.*1 to 256.*got 0/],
    ['hiddenSize', 1_000_000, /hiddenSize.*1 to 256/],
    ['learningRate', NaN, /learningRate/],
    ['seed', -1, /seed.*whole number/i],
  ] as const) {
    it(`refuses ${name} = ${value} while it runs, and works on`, async () => {
      const element = await mountLab('sine');
      await untilState(element, 'ready');
      press(element, 'Start');
      await framesLater(element, 1);
      element.set(name, value);
      await untilState(element, 'error');
      expect(alertText(element)).to.match(saying);
      element.set(name, 2);
      await untilState(element, 'ready');
      expect(alertText(element)).to.equal('');
      press(element, 'Start');
      await framesLater(element, 2);
    });
  }

  it('lets its figures stand still where less motion is asked for, and shows where it is on demand', async () => {
    const matchMedia = window.matchMedia.bind(window);
    window.matchMedia = (query) => matchMedia(query.includes('reduced-motion') ? 'all' : query);
    try {
      const element = await mountLab('sine');
      await untilState(element, 'ready');
      await drawn(element);
      const before = picture(element);
      press(element, 'Start');
      await framesLater(element, 3);
      await drawn(element);
      expect(picture(element)).to.equal(before);
      press(element, 'Pause');
      await until(() => picture(element) !== before);
    } finally {
      window.matchMedia = matchMedia;
    }
  });
});

interface LitLike extends HTMLElement {
  readonly updateComplete: Promise<boolean>;
}

describe('<activation-lab> diverging, switched and removed', () => {
  it('says that a run diverged, and what to do, and works on', async () => {
    const element = await mountLab('tails');
    element.set('learningRate', 1_000_000);
    await untilState(element, 'error');
    expect(alertText(element)).to.match(/diverged.*lower learning rate/);
    element.set('learningRate', 0.003);
    await untilState(element, 'ready');
    press(element, 'Start');
    await framesLater(element, 3);
  });

  it('shows another experiment at once, whatever ran before', async () => {
    const element = await mountLab('sine');
    await untilState(element, 'ready');
    press(element, 'Start');
    await framesLater(element, 2);
    for (const name of ['tails', 'adaptation', 'sine', 'tails']) element.experiment = name;
    await element.updateComplete;
    await untilState(element, 'preparing');
    await untilState(element, 'ready');
    await framesLater(element, element.frame ? 0 : 1);
    await drawn(element);
    expect(one(element, 'figcaption').textContent).to.match(/tails/);
    element.experiment = 'nothing';
    await drawn(element);
    expect(element.state).to.equal('error');
    expect(alertText(element)).to.match(/no experiment “nothing”.*sine/);
    element.experiment = 'sine';
    await element.updateComplete;
    await untilState(element, 'ready');
    expect(alertText(element)).to.equal('');
  });

  it('ends its worker when it leaves the page, and not when it is moved', async () => {
    const watch = new Watch();
    const worker = new URL('./watched-lab-worker.js', import.meta.url).href;
    const element = await fixture<ActivationLab>(
      html`<activation-lab experiment="sine" worker-url=${worker}></activation-lab>`,
    );
    const parent = element.parentElement;
    await untilState(element, 'ready');
    element.start();
    await framesLater(element, 2);
    const place = document.createElement('section');
    parent?.append(place);
    place.append(element);
    await framesLater(element, 2);
    await watch.untilAlive(1);
    element.remove();
    await untilState(element, 'idle');
    await watch.untilAlive(0);
    parent?.append(element);
    await untilState(element, 'ready');
    element.start();
    await framesLater(element, 2);
    watch.close();
  });
});
