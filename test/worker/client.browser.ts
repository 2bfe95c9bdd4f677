import { aTimeout, expect, waitUntil } from '@open-wc/testing';
import { AdaptiveError } from '../../core/errors.js';
import type { TrainingEvent, TrainingRequest } from '../../core/protocol.js';
import { ModelClient } from '../../worker/client.js';
import { endlessSteps, rejection, scriptedWorker, type Script } from '../components/helpers.js';

const request: TrainingRequest = {
  corpus: { kind: 'text', text: 'x'.repeat(100) },
  start: { kind: 'new', size: 'small' },
  tokenizer: 'characters',
  options: {},
  samplePrompt: '',
};

async function code(work: Promise<unknown>): Promise<string> {
  const thrown = await rejection(work);
  return thrown instanceof AdaptiveError ? thrown.code : `no AdaptiveError: ${String(thrown)}`;
}

describe('ModelClient', () => {
  const clients: ModelClient[] = [];
  const make = (script: Script = {}): ModelClient => {
    const client = new ModelClient({ workerUrl: scriptedWorker(script) });
    clients.push(client);
    return client;
  };
  afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

  it('loads, writes and exports', async () => {
    const client = make();
    expect(await client.info()).to.equal(null);
    const loaded: number[] = [];
    const model = await client.load('model.safetensors', { onDownload: (event) => loaded.push(event.loaded) });
    expect(loaded).to.deep.equal([0, 25, 50, 75, 100]);
    expect(await client.info()).to.deep.equal(model);
    let text = '';
    const result = await client.generate({ prompt: 'ROMEO:' }, { onText: (event) => (text += event.text) });
    expect(text).to.equal(result.text);
    expect(result.reason).to.equal('length');
    await client.resetState();
    expect((await client.export()).byteLength).to.equal(5);
  });

  it('reads files and leaves a buffer with its owner', async () => {
    const client = make();
    const buffer = new ArrayBuffer(8);
    await client.loadFile(buffer);
    expect(buffer.byteLength).to.equal(8);
    await client.loadFile(new File([buffer], 'x.safetensors'));
  });

  it('stops writing by a signal, with what there is', async () => {
    const client = make({ hold: [2] });
    await client.load('model.safetensors');
    const abort = new AbortController();
    const result = await client.generate({ prompt: '' }, { signal: abort.signal, onText: () => abort.abort() });
    expect(result.reason).to.equal('aborted');
    expect(result.tokens).to.equal(1);
    expect((await client.generate({}, { signal: abort.signal })).text).to.equal('');
  });

  it('trains, with pause, resume and stop', async () => {
    const client = make({ steps: endlessSteps });
    const events: TrainingEvent['type'][] = [];
    const run = client.train(request, { onEvent: ({ type }) => events.push(type) });
    const heard = (type: TrainingEvent['type']) => waitUntil(() => events.includes(type), type, { timeout: 60_000 });
    await heard('progress');
    run.pause();
    await heard('paused');
    const paused = events.length;
    await aTimeout(60);
    expect(events.length).to.equal(paused);
    run.resume();
    await heard('resumed');
    run.stop();
    expect((await run.result).reason).to.equal('stopped');
    expect(events[0]).to.equal('started');
    expect(events).to.include.members(['progress', 'paused', 'resumed']);
  });

  it('rebuilds the errors of the other side', async () => {
    const client = make();
    const thrown = await rejection(client.generate({}));
    expect(thrown).to.be.instanceOf(AdaptiveError);
    expect(thrown).to.have.property('code', 'no-model');
    expect(thrown).to.have.property('message').that.contains('Open a model file');
  });

  it('rejects everything that waits when the worker dies, and starts another', async () => {
    const client = make();
    await client.load('model.safetensors');
    const dead = client.generate({ prompt: '!die' });
    expect(await code(dead)).to.equal('worker');
    expect(await client.info()).to.equal(null);
    await client.load('model.safetensors');
  });

  it('rejects when there is no worker at its address, each time', async () => {
    const client = new ModelClient({ workerUrl: '/no-such-worker.js' });
    expect(await code(client.info())).to.equal('worker');
    expect(await code(client.load('x'))).to.equal('worker');
    client.destroy();
  });

  it('starts a worker of another origin by one of its own', async () => {
    const foreign = new URL(scriptedWorker());
    foreign.hostname = foreign.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    const client = new ModelClient({ workerUrl: foreign });
    clients.push(client);
    // The server of these tests sends no CORS headers, so the import fails: as an error with advice, not in silence.
    expect(await code(client.info())).to.equal('worker');
  });

  it('rejects with destroyed, before and after, and twice is harmless', async () => {
    const client = make({ hold: [1] });
    await client.load('model.safetensors');
    const waiting = [client.generate({}), client.info(), client.train(request).result];
    const codes = Promise.all(waiting.slice(0, 1).map(code));
    waiting.slice(1).forEach((each) => void each.catch(() => {}));
    client.destroy();
    client.destroy();
    expect(await codes).to.deep.equal(['destroyed']);
    expect(await code(client.info())).to.equal('destroyed');
  });
});
