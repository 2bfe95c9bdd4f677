/** `<activation-lab experiment="adaptation">`: frames that are all there, and a slider through them. */
import { expect } from '@open-wc/testing';
import { alertText, all, drawn, mountLab, one, picture, untilState } from './helpers.js';

describe('<activation-lab experiment="adaptation">', () => {
  it('computes every frame once it is in view, and follows its slider', async () => {
    const element = await mountLab('adaptation');
    await untilState(element, 'finished');
    const first = picture(element);
    expect(all(element, '.drawing svg')).to.have.length.greaterThan(0);
    const slider = one<HTMLInputElement>(element, 'input[type="range"]');
    slider.value = '20';
    slider.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await drawn(element);
    expect(picture(element)).not.to.equal(first);
    await expect(element).to.be.accessible();
  });

  it('refuses a size that cannot be, and goes on with one that can', async () => {
    const element = await mountLab('adaptation');
    await untilState(element, 'finished');
    element.set('size', 1_000_000);
    await untilState(element, 'error');
    expect(alertText(element)).to.match(/size.*2 to 64/);
    element.set('size', 4);
    await untilState(element, 'finished');
    expect(alertText(element)).to.equal('');
    expect(one(element, '.drawing').getAttribute('aria-label')).to.contain('4 by 4');
  });
});
