import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import '../../components/define.js';
import '../../components/training-define.js';
import type { LossChart } from '../../components/loss-chart.js';
import { LossHistory } from '../../core/loss-history.js';

async function drawn(history: LossHistory, width = 360): Promise<LossChart> {
  const chart = await fixture<LossChart>(html`
    <adaptive-lm-chart
      style=${`width: ${width}px`}
      .training=${history.training}
      .validation=${history.validation}
      .best=${history.best}
      .totalSteps=${history.totalSteps}
    ></adaptive-lm-chart>
  `);
  await nextFrame();
  await nextFrame(); // the observer of its size is told after the first
  await chart.updateComplete;
  return chart;
}

function run(): LossHistory {
  const history = new LossHistory(1200);
  for (let step = 1; step <= 600; step++) history.addTraining(step, 1.5 + 2.7 * Math.exp(-step / 150));
  for (let step = 100; step <= 600; step += 100) history.addValidation(step, 1.9 + Math.abs(step - 400) / 1000);
  return history;
}

function texts(chart: LossChart): string[] {
  return [...(chart.shadowRoot?.querySelectorAll('text') ?? [])].map((text) => text.textContent.trim());
}

describe('loss chart', () => {
  it('draws both curves, with axes, units and the best point', async () => {
    const chart = await drawn(run());
    const words = texts(chart);
    expect(words).to.include.members(['loss, nats per token', 'step', 'training', 'held out', '0', '1 k', '1.90']);
    const root = chart.shadowRoot;
    // The legend has a path of that class as well, without a line to anywhere.
    const curves = [...(root?.querySelectorAll('path.training') ?? [])].map((path) => path.getAttribute('d') ?? '');
    expect(curves.filter((curve) => /^M[\d.]+ [\d.]+L/.test(curve))).to.have.lengthOf(1);
    expect(root?.querySelectorAll('.mark')).to.have.lengthOf(6);
    const best = root?.querySelector('.best');
    const marks = [...(root?.querySelectorAll('.mark') ?? [])].map((mark) => Number(mark.getAttribute('cy')));
    expect(Number(best?.getAttribute('cy'))).to.equal(Math.max(...marks)); // lowest loss, farthest down
  });

  it('falls from left to right and stays inside', async () => {
    const chart = await drawn(run());
    const paths = [...(chart.shadowRoot?.querySelectorAll('path.training') ?? [])];
    const d = paths.at(-1)?.getAttribute('d') ?? '';
    const points = [...d.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
    expect(points.length).to.be.greaterThan(100);
    points.slice(1).forEach((point, index) => {
      expect(point.x).to.be.greaterThan(points[index]?.x ?? NaN);
      expect(point.y).to.be.at.least(points[index]?.y ?? NaN);
    });
    expect(Math.max(...points.map(({ x }) => x))).to.be.below(360);
    expect(Math.max(...points.map(({ y }) => y))).to.be.below(190);
  });

  it('describes itself', async () => {
    const chart = await drawn(run());
    const label = chart.shadowRoot?.querySelector('svg')?.getAttribute('aria-label');
    expect(label).to.match(
      /^Training loss over 600 steps: from 4\.18 to 1\.5\d nats per token\. Held-out loss 2\.10, at best 1\.90\.$/,
    );
  });

  it('has something to say before the first step, and draws a single point or a level line', async () => {
    expect((await drawn(new LossHistory(10))).shadowRoot?.textContent).to.contain('The curve begins');
    const one = new LossHistory(10);
    one.addTraining(1, 2);
    expect((await drawn(one)).shadowRoot?.innerHTML).not.to.match(/NaN|Infinity/);
    one.addTraining(2, 2);
    one.addValidation(2, 2);
    expect((await drawn(one)).shadowRoot?.innerHTML).not.to.match(/NaN|Infinity/);
  });

  it('fills the width it is given', async () => {
    for (const width of [240, 700]) {
      const chart = await drawn(run(), width);
      expect(chart.shadowRoot?.querySelector('svg')?.getAttribute('viewBox')).to.equal(`0 0 ${width} 190`);
    }
  });
});
