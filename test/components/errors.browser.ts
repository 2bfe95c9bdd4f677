import { expect, fixture, html } from '@open-wc/testing';
import { AdaptiveError } from '../../core/errors.js';
import type { AdaptiveLm } from '../../components/define.js';
import {
  alertText,
  button,
  goOn,
  mount,
  mountEmpty,
  rejection,
  scriptedWorker,
  settled,
  until,
  written,
} from './helpers.js';

function code(thrown: unknown): string {
  return thrown instanceof AdaptiveError ? thrown.code : `no AdaptiveError: ${String(thrown)}`;
}

describe('<adaptive-lm> when something goes wrong', () => {
  it('shows what failed, tells the page, and can be dismissed', async () => {
    const element = await mount();
    const told: string[] = [];
    document.body.addEventListener('adaptive-error', ({ error }) => told.push(error.code), { once: true });
    expect(code(await rejection(element.write('!error:memory')))).to.equal('memory');
    await settled(element);
    expect(element.state).to.equal('error');
    expect(element.matches(':state(error)')).to.equal(true);
    expect(told).to.deep.equal(['memory']);
    expect(alertText(element)).to.contain('Scripted memory. Do something else.');
    button(element, 'Dismiss').click();
    await settled(element);
    expect(alertText(element)).to.equal('');
    expect(element.state).to.equal('ready');
  });

  it('keeps the last text when the next writing fails', async () => {
    const element = await mount();
    const text = await element.write();
    await rejection(element.write('!error:internal'));
    await settled(element);
    expect(element.text).to.equal(text);
    expect(written(element)).to.equal(`ROMEO:${text}`);
  });

  it('goes on after an error, which is gone then', async () => {
    const element = await mount();
    await rejection(element.write('!error:internal'));
    expect(await element.write()).to.contain('JULIET');
    await settled(element);
    expect(element.state).to.equal('ready');
    expect(alertText(element)).to.equal('');
  });

  it('lets an absurd attribute be refused by name instead of throwing', async () => {
    const element = await mount();
    element.setAttribute('temperature', 'hot');
    button(element, 'Write').click();
    await until(element, 'error');
    expect(alertText(element)).to.contain('temperature');
  });

  it('reflects a src that cannot be loaded, and keeps the model that was there', async () => {
    const element = await mount();
    element.src = 'missing.safetensors';
    await until(element, 'error');
    expect(alertText(element)).to.contain('404');
    expect(element.model?.title).to.equal('Shakespeare, by letters');
    expect(await element.write()).to.contain('JULIET');
  });

  it('refuses a file that is no model, and keeps the model that was there', async () => {
    const element = await mount();
    expect(code(await rejection(element.load(new File(['x'], 'x.safetensors'))))).to.equal('model-file');
    expect(element.state).to.equal('error');
    expect(element.model).not.to.equal(null);
  });

  it('refuses a second operation and does not disturb the first', async () => {
    const element = await mount({ hold: [3] });
    const first = element.write();
    await until(element, 'writing');
    const refused = [
      element.write(),
      element.train('x'.repeat(100)),
      element.load('x'),
      element.save(),
      element.reset(),
    ];
    for (const each of refused) expect(code(await rejection(each))).to.equal('busy');
    expect(element.state).to.equal('writing');
    expect(alertText(element)).to.equal('');
    goOn();
    expect(await first).to.contain('no business with the day.');
    expect(element.state).to.equal('ready');
  });

  it('says that src must wait while the model is at work', async () => {
    const element = await mount({ hold: [3] });
    const first = element.write();
    await until(element, 'writing');
    element.src = 'other.safetensors';
    await settled(element);
    expect(alertText(element)).to.contain('other.safetensors');
    expect(element.state).to.equal('writing');
    goOn();
    expect(await first).to.contain('no business');
  });

  it('outlives its worker: says so, and loads the model again for the next writing', async () => {
    const element = await mount();
    expect(code(await rejection(element.write('!die')))).to.equal('worker');
    await settled(element);
    expect(element.state).to.equal('error');
    expect(alertText(element)).to.contain('out of luck');
    button(element, 'Load again').click();
    await until(element, 'ready');
    await rejection(element.write('!die'));
    expect(await element.write()).to.contain('JULIET');
  });

  it('says what to do when the worker cannot be started', async () => {
    const element = await fixture<AdaptiveLm>(
      html`<adaptive-lm src="model.safetensors" worker-url="/no-such-worker.js"></adaptive-lm>`,
    );
    await until(element, 'error');
    expect(alertText(element)).to.contain('worker.js');
  });

  it('has no model to write with, and says so', async () => {
    const element = await mountEmpty();
    expect(code(await rejection(element.write('x')))).to.equal('no-model');
    expect(alertText(element)).to.contain('no model yet');
  });

  it('never throws from attributes', async () => {
    const element = await fixture<AdaptiveLm>(html`
      <adaptive-lm src="http://[" max-tokens="" top-p="x" seed="-" worker-url=${scriptedWorker()}></adaptive-lm>
    `);
    await until(element, 'error');
    expect(alertText(element)).to.contain('no address');
  });
});
