/**
 * Every element in every state, as readers meet it who have other colours, other motion, another direction, a zoomed window, or
 * no mouse: axe finds nothing, nothing is cut or scrolls sideways, and the keyboard comes everywhere, is seen there, and leaves.
 */
import { aTimeout, assert, expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../components/stored/define.js';
import '../../components/trainer/define.js';
import { mountLab } from '../lab/helpers.js';
import { complete, pause, suggested } from './complete-helpers.js';
import { emulate } from './emulation.js';
import { endlessSteps, findAll, rejection, scriptedWorker, until } from './helpers.js';
import { states as ofLm } from './states.js';

const text = 'The lamp must be fed, and the clock must be wound. '.repeat(40);

const trainer = () =>
  fixture<HTMLElementTagNameMap['adaptive-trainer']>(
    html`<adaptive-trainer worker-url=${scriptedWorker({ steps: endlessSteps })}></adaptive-trainer>`,
  );

const stored = async () => {
  const element = await fixture<HTMLElementTagNameMap['adaptive-stored']>(
    html`<adaptive-stored worker-url=${scriptedWorker()}></adaptive-stored>`,
  );
  await element.refresh();
  return element;
};

const states: Readonly<Record<string, () => Promise<HTMLElement>>> = {
  ...Object.fromEntries(Object.entries(ofLm).map(([name, reach]) => [`<adaptive-lm> ${name}`, reach])),
  '<adaptive-trainer> empty': trainer,
  '<adaptive-trainer> paused': async () => {
    const element = await trainer();
    void element.train(text).catch(() => {});
    await new Promise((resolve) => element.addEventListener('adaptive-sample', resolve, { once: true }));
    element.pauseTraining();
    await until(element, 'paused');
    return element;
  },
  '<adaptive-trainer> error': async () => {
    const element = await trainer();
    await rejection(element.train('x'));
    return element;
  },
  '<adaptive-complete> learning': async () => (await complete({ learn: true })).place,
  '<adaptive-complete> suggesting': async () => {
    const completed = await complete();
    await suggested(completed);
    return completed.place;
  },
  '<adaptive-complete> error': async () => {
    const { place, element } = await complete();
    element.htmlFor = 'nowhere else';
    place.querySelector('textarea')?.setAttribute('type', 'text');
    element.delay = -1;
    await pause();
    return place;
  },
  '<adaptive-stored>': stored,
  '<adaptive-stored> asking': async () => {
    const element = await stored();
    const [remove] = findAll(element.shadowRoot ?? element, '[part="remove-button"]');
    remove?.click();
    await element.updateComplete;
    return element;
  },
  '<activation-lab>': () => mountLab('sine'),
};

/** Everything in `root` and in its shadow trees that is to be seen. */
function seen(root: Element): HTMLElement[] {
  const within = [...findAll(root, '*'), ...(root.shadowRoot ? findAll(root.shadowRoot, '*') : [])];
  return within.filter((each) => each.checkVisibility() && !each.closest('.unseen, svg'));
}

/** What reaches out of the window to either side, unless it is in a box that scrolls for itself. */
function reachingOut(root: Element): string[] {
  const width = document.documentElement.clientWidth;
  return seen(root)
    .filter((each) => {
      const { left, right } = each.getBoundingClientRect();
      return left < -0.5 || right > width + 0.5;
    })
    .map((each) => each.outerHTML.slice(0, 100));
}

/** Text that a box does not show whole and that cannot be scrolled to. */
function cutOff(root: Element): string[] {
  return seen(root)
    .filter((each) => {
      const { overflowX, textOverflow } = getComputedStyle(each);
      const hides = overflowX === 'hidden' || overflowX === 'clip';
      return hides && textOverflow !== 'ellipsis' && each.scrollWidth > each.clientWidth + 1;
    })
    .map((each) => each.outerHTML.slice(0, 100));
}

/** Letters of a figure that stand outside of it: a page that is read from the right must not turn them around. */
function outOfPlace(root: Element): string[] {
  const figures = root.shadowRoot ? findAll<Element>(root.shadowRoot, 'adaptive-lm-chart svg, svg[role="img"]') : [];
  return figures.flatMap((figure) => {
    const frame = figure.getBoundingClientRect();
    return [...figure.querySelectorAll('text')]
      .filter((text) => {
        const { left, right } = text.getBoundingClientRect();
        return left < frame.left - 2 || right > frame.right + 2;
      })
      .map(({ textContent }) => textContent.trim());
  });
}

/** Bars whose end is not to be told from their frame where backgrounds are the system's. */
function withoutFrame(root: Element): string[] {
  const bars = seen(root).filter((each) => each.matches('progress'));
  return bars.filter((bar) => getComputedStyle(bar).borderStyle === 'none').map((bar) => bar.outerHTML);
}

/** Text that would be turned around where the page is read from the other side: '2 words.' to '.words 2'. */
function turnedAround(root: Element): string[] {
  const own = seen(root).filter((each) => each.getRootNode() !== document);
  const holding = own.filter((each) =>
    [...each.childNodes].some((node) => node instanceof Text && /\w/.test(node.data)),
  );
  const turned = holding.filter((each) => getComputedStyle(each).unicodeBidi !== 'plaintext');
  return turned.map((each) => each.outerHTML.slice(0, 100));
}

/** What an animation of `root` or its shadow trees moves, pseudo-elements too. */
function moving(root: Element): string[] {
  const running = seen(root).filter((each) => each.getAnimations({ subtree: true }).length > 0);
  return running.map((each) => each.outerHTML.slice(0, 100));
}

function activeElement(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

const controls = 'button, input:not([type="file"]), textarea, select, summary, [tabindex="0"], a[href]';

/** Controls that the Tab key has to come to: of radio buttons one of a group. */
function expectedStops(root: Element): Element[] {
  const usable = seen(root).filter((each) => each.matches(controls) && !each.matches(':disabled'));
  return usable.filter((each) => !(each instanceof HTMLInputElement && each.type === 'radio' && !each.checked));
}

/** Where Tab comes to, from before `root` until it has left it. */
async function tabThrough(root: Element, most: number): Promise<Element[]> {
  const [before, after] = [document.createElement('button'), document.createElement('button')];
  root.before(before);
  root.after(after);
  before.focus();
  const stops: Element[] = [];
  const unseen: string[] = [];
  for (let i = 0; i < most; i++) {
    await sendKeys({ press: 'Tab' });
    const active = activeElement();
    if (active === after || !active) break;
    stops.push(active);
    if (!showsFocus(active)) unseen.push(active.outerHTML.slice(0, 100));
  }
  const left = activeElement() === after;
  await sendKeys({ down: 'Shift' });
  await sendKeys({ press: 'Tab' });
  await sendKeys({ up: 'Shift' });
  const back = activeElement();
  before.remove();
  after.remove();
  assert.isTrue(left, `Tab does not leave; it was last at ${stops.at(-1)?.outerHTML.slice(0, 100)}`);
  assert.equal(back, stops.at(-1) ?? before, 'Shift and Tab come back to the last');
  assert.deepEqual(unseen, [], 'the focus is not to be seen there');
  return stops;
}

/** A visible sign, as its style says. What is the page's own has what the browser gives. */
function showsFocus(element: Element): boolean {
  if (element.getRootNode() === document) return true;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
}

describe('whatever a reader has set', () => {
  afterEach(async () => {
    document.documentElement.removeAttribute('dir');
    await emulate();
  });

  for (const [name, reach] of Object.entries(states)) {
    it(`${name} is whole and reached`, async () => {
      const element = await reach();
      await drawn();
      const problems: string[] = [];
      for (const dir of ['ltr', 'rtl']) {
        document.documentElement.dir = dir;
        await drawn();
        for (const each of turnedAround(element)) problems.push(`is turned around: ${each}`);
        for (const each of outOfPlace(element)) problems.push(`stands outside of its figure, ${dir}: ${each}`);
        // 1280 × 1024 at 200 % and 400 %.
        for (const [width, height] of [
          [640, 512],
          [320, 256],
        ] as const) {
          await emulate({ width, height });
          await drawn();
          for (const each of reachingOut(element)) problems.push(`reaches out at ${width} px, ${dir}: ${each}`);
          for (const each of cutOff(element)) problems.push(`is cut at ${width} px, ${dir}: ${each}`);
        }
      }
      await emulate({ features: { 'prefers-reduced-motion': 'reduce' } });
      await drawn();
      for (const each of moving(element)) problems.push(`moves: ${each}`);
      await emulate({ features: { 'forced-colors': 'active', 'prefers-contrast': 'more' } });
      await drawn();
      for (const each of withoutFrame(element)) problems.push(`has no frame in forced colours: ${each}`);
      const expected = expectedStops(element);
      const stops = await tabThrough(element, expected.length + 8);
      for (const each of expected) {
        if (!stops.includes(each)) problems.push(`is not reached: ${each.outerHTML.slice(0, 100)}`);
      }
      assert.deepEqual(problems, []);
      await expect(element).to.be.accessible();
    });
  }
});

/** Twice, as observers of sizes draw once more. */
async function drawn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  await aTimeout(0);
}
