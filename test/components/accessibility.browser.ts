import { expect, fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { button, findAll, mount, scriptedWorker, settled, until } from './helpers.js';
import { states } from './states.js';

function withScheme(scheme: 'light' | 'dark'): void {
  const { style } = document.documentElement;
  style.colorScheme = scheme;
  style.background = scheme === 'dark' ? '#111' : '#fff';
}

describe('<adaptive-lm> accessibility', () => {
  afterEach(() => document.documentElement.removeAttribute('style'));

  for (const scheme of ['light', 'dark'] as const) {
    for (const [name, reach] of Object.entries(states)) {
      it(`is clean to axe: ${name}, ${scheme}`, async () => {
        withScheme(scheme);
        const element = await reach();
        await settled(element);
        await expect(element).to.be.accessible();
      });
    }
  }

  it('turns its colours with the page', async () => {
    const element = await mount();
    const card = findAll(element.shadowRoot ?? element, '[part="card"]')[0] ?? element;
    withScheme('light');
    const light = getComputedStyle(card).backgroundColor;
    withScheme('dark');
    expect(getComputedStyle(card).backgroundColor).not.to.equal(light);
  });

  it('gives every control a name', async () => {
    const element = await mount();
    button(element, 'Settings').click();
    await settled(element);
    for (const control of findAll<HTMLInputElement>(element.shadowRoot ?? element, 'input, textarea')) {
      if (!control.checkVisibility() || control.type === 'file') continue;
      expect(
        [...(control.labels ?? [])].map((label) => label.textContent.trim()).join(''),
        control.outerHTML,
      ).not.to.equal('');
    }
  });

  for (const width of [320, 390, 700, 1100]) {
    it(`fits into ${width} px in every state`, async () => {
      for (const [name, reach] of Object.entries(states)) {
        const element = await reach();
        element.style.width = `${width}px`;
        await settled(element);
        await settled(element);
        const { right } = element.getBoundingClientRect();
        for (const each of findAll(element.shadowRoot ?? element, '*')) {
          if (!each.checkVisibility() || each.closest('.unseen, svg')) continue;
          const box = each.getBoundingClientRect();
          expect(box.right, `${name}: ${each.outerHTML.slice(0, 80)}`).to.be.at.most(right + 0.5);
        }
      }
    });
  }

  it('can be left without training', async () => {
    const element = await fixture<AdaptiveLm>(html`
      <adaptive-lm no-training src="model.safetensors" worker-url=${scriptedWorker()}></adaptive-lm>
    `);
    await until(element, 'ready');
    await expect(element).to.be.accessible();
  });
});
