/** `backend`, what the status line says of it, and what the page hears when it changes. */
import { expect, oneEvent } from '@open-wc/testing';
import type { AdaptiveBackendEvent } from '../../components/events.js';
import type { AdaptiveLm } from '../../components/define.js';
import type { StatusLine } from '../../components/status-line.js';
import { find, findAll, goOn, mount, mountEmpty, rejection, settled, until } from './helpers.js';

async function status(element: AdaptiveLm): Promise<string> {
  await settled(element);
  const line = find<StatusLine>(element, 'adaptive-lm-status');
  await line.updateComplete;
  const { shadowRoot } = line;
  return shadowRoot
    ? findAll(shadowRoot, 'span')
        .map((span) => span.textContent.trim())
        .join(' | ')
    : '';
}

function changesOf(element: AdaptiveLm): AdaptiveBackendEvent[] {
  const changes: AdaptiveBackendEvent[] = [];
  element.addEventListener('adaptive-backend', (event) => changes.push(event));
  return changes;
}

describe('<adaptive-lm backend>', () => {
  it('is auto, and reflected when it is something else', async () => {
    const element = await mountEmpty();
    expect(element.backend).to.equal('auto');
    expect(element.hasAttribute('backend')).to.equal(false);
    element.backend = 'wasm';
    await element.updateComplete;
    expect(element.getAttribute('backend')).to.equal('wasm');
    element.setAttribute('backend', 'webgpu');
    expect(element.backend).to.equal('webgpu');
    element.removeAttribute('backend');
    expect(element.backend).to.equal('auto');
  });

  it('shows what is wrong with a name that is none, and works again with another', async () => {
    const element = await mountEmpty();
    element.setAttribute('backend', 'cuda');
    element.setAttribute('src', 'model.safetensors');
    await until(element, 'error');
    expect(find(element, '[role="alert"]').textContent).to.contain('"cuda"');
    element.setAttribute('backend', 'wasm');
    await element.load('model.safetensors');
    expect(element.state).to.equal('ready');
  });

  it('counts from the next operation on, also when it was changed just before', async () => {
    const element = await mount();
    element.setAttribute('backend', 'metal');
    expect(await rejection(element.load('model.safetensors'))).to.have.property('code', 'invalid-option');
    element.backend = 'auto';
    await element.load('model.safetensors');
  });

  it('is in the status line with its reason: the model’s, and while there is a run, the run’s', async () => {
    const element = await mount({ hold: [2] });
    expect(await status(element)).to.contain('WebAssembly: quick enough at this size');
    const run = element.train('a text that is long enough to be learned');
    await Promise.all([oneEvent(element, 'adaptive-progress'), until(element, 'training')]);
    expect(await status(element)).to.contain('WebAssembly, 2 threads: WebGPU has only a software adapter');
    goOn();
    await run;
    expect(await status(element)).to.contain('WebAssembly: quick enough at this size');
  });

  it('says when a run goes on elsewhere', async () => {
    const element = await mount({ hold: [2, 21] });
    const changes = changesOf(element);
    const run = element.train('!gpu a text that is long enough to be learned');
    await oneEvent(element, 'adaptive-progress');
    expect(await status(element)).to.contain('WebGPU: 3.1 × faster here');
    goOn();
    await oneEvent(element, 'adaptive-backend');
    expect(await status(element)).to.contain('WebAssembly, 2 threads: the GPU was lost');
    expect(element.state).to.equal('training');
    goOn();
    expect((await run).reason).to.equal('finished');
    expect(changes).to.have.lengthOf(1);
    const [{ from, to, reason, message, bubbles, composed } = changes[0] ?? expect.fail()] = changes;
    expect([from, to, reason.code, bubbles, composed]).to.deep.equal(['webgpu', 'wasm', 'device-lost', true, true]);
    expect(message).to.contain('scripted');
  });

  it('says when a text goes on elsewhere, and loses nothing of it', async () => {
    const element = await mount();
    const changes = changesOf(element);
    const text = await element.write('!gpu', { maxTokens: 8 });
    expect(text).to.equal(element.text);
    expect(text.match(/\s*\S+/g)).to.have.lengthOf(8);
    expect(changes.map(({ to }) => to)).to.deep.equal(['wasm']);
    expect(element.model?.reason.code).to.equal('device-lost');
    expect(await status(element)).to.contain('WebAssembly: the GPU was lost');
  });
});
