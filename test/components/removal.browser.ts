import { aTimeout, expect } from '@open-wc/testing';
import { AdaptiveError } from '../../core/errors.js';
import { find, goOn, mount, rejection, settled, until } from './helpers.js';

const longEnough = 700; // ms, more than a move takes

describe('<adaptive-lm> removed, moved, re-added', () => {
  it('goes on writing while it is moved', async () => {
    const element = await mount({ hold: [3] });
    const work = element.write();
    await until(element, 'writing');
    const place = document.createElement('section');
    element.parentElement?.append(place);
    place.append(element);
    expect(element.state).to.equal('writing');
    goOn();
    expect(await work).to.contain('no business with the day.');
  });

  it('goes on training when it is back within a moment', async () => {
    const element = await mount({ hold: [5] });
    const parent = element.parentElement;
    const work = element.train('x'.repeat(100));
    await until(element, 'training');
    element.remove();
    await aTimeout(50);
    parent?.append(element);
    goOn();
    expect((await work).reason).to.equal('finished');
    await aTimeout(longEnough);
    expect(element.state).to.equal('ready');
  });

  for (const operation of ['writing', 'training'] as const) {
    it(`ends ${operation} when it stays away, and loads src again when it is back`, async () => {
      const element = await mount({ hold: [3] });
      const parent = element.parentElement;
      const work = operation === 'writing' ? element.write() : element.train('x'.repeat(100));
      const failure = rejection(work);
      await until(element, operation);
      element.remove();
      const thrown = await failure;
      expect(thrown instanceof AdaptiveError && thrown.code).to.equal('destroyed');
      expect(element.state).to.equal('empty');
      expect(element.model).to.equal(null);
      parent?.append(element);
      await until(element, 'loading');
      await until(element, 'ready');
      await settled(element);
      expect(find(element, '[part="notice"]').textContent).to.contain('loaded again');
    });
  }

  it('says that a model without src is lost', async () => {
    const element = await mount();
    const parent = element.parentElement;
    element.src = null;
    await settled(element);
    element.remove();
    await aTimeout(longEnough);
    parent?.append(element);
    await settled(element);
    expect(element.state).to.equal('empty');
    expect(find(element, '[part="notice"]').textContent).to.contain('the model with it');
  });

  it('starts no worker while it is away', async () => {
    const element = await mount();
    element.remove();
    await aTimeout(longEnough);
    element.src = 'other.safetensors';
    await settled(element);
    expect(element.state).to.equal('empty');
  });
});
