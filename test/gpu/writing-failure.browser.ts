/** The GPU fails while a text is written on it: the text goes on, and no word of it changes. */
import { expect } from '@open-wc/testing';
import type { BackendChange } from '../../core/backend.js';
import type { GenerationOptions } from '../../core/config.js';
import type { Runtime } from '../../worker/runtime.js';
import { GpuRig, type RigOptions } from './rig.js';
import { makeRuntime, train, write } from './runtimes.js';

const runtimes: Runtime[] = [];

/** A learned model, so that its choices are clear ones. */
async function learn(): Promise<ArrayBuffer> {
  const runtime = makeRuntime({ backend: 'wasm' });
  await train(runtime, { epochs: 20 });
  return runtime.export().finally(() => runtime.destroy());
}

describe('a text whose GPU fails', () => {
  let file: ArrayBuffer;
  before(async () => {
    file = await learn();
  });
  afterEach(() => runtimes.splice(0).forEach((runtime) => runtime.destroy()));

  async function onGpu(options: RigOptions = {}) {
    const rig = new GpuRig(options);
    const runtime = makeRuntime({ backend: 'webgpu', gpu: rig });
    runtimes.push(runtime);
    const info = await runtime.load(file);
    return { rig, runtime, info };
  }

  for (const temperature of [0, 0.7]) {
    it(`goes on on a new device at temperature ${temperature}, wherever it is lost`, async () => {
      const { runtime } = await onGpu();
      const expected = await write(runtime, { temperature });
      expect(expected.changes).to.deep.equal([]);
      for (const submit of [1, 2, 35, 78]) {
        const lossy = await onGpu();
        lossy.rig.beforeSubmit(submit, () => lossy.rig.device.destroy());
        const got = await write(lossy.runtime, { temperature });
        expect(got.text).to.equal(expected.text);
        expect(got.changes).to.deep.equal([{ to: 'webgpu', code: 'device-lost' }]);
        expect(lossy.runtime.info?.reason.code).to.equal('device-lost');
      }
    });
  }

  it('goes on on WASM after a second loss', async () => {
    const { rig, runtime } = await onGpu();
    const expected = await write(runtime);
    rig.beforeSubmit(20, () => {
      rig.device.destroy();
      rig.beforeSubmit(20, () => rig.device.destroy());
    });
    const got = await write(runtime);
    expect(got.text).to.equal(expected.text);
    expect(got.changes).to.deep.equal([
      { to: 'webgpu', code: 'device-lost' },
      { to: 'wasm', code: 'device-lost' },
    ]);
    expect(runtime.info?.backend).to.equal('wasm');
    expect((await write(runtime)).changes).to.deep.equal([]);
  });

  it('goes on where it stood when the device was lost between two texts', async () => {
    const parts = async (between: (rig: GpuRig) => void) => {
      const { rig, runtime } = await onGpu();
      const first = await write(runtime, { maxTokens: 15 });
      between(rig);
      const second = await write(runtime, { prompt: '', maxTokens: 25, keepState: true });
      return first.text + second.text;
    };
    expect(await parts((rig) => rig.device.destroy())).to.equal(await parts(() => {}));
  });

  it('goes on where it stood when it is long', async () => {
    const options: GenerationOptions = { maxTokens: 700 };
    const { runtime } = await onGpu();
    const expected = await write(runtime, options);
    const lossy = await onGpu();
    lossy.rig.beforeSubmit(1300, () => lossy.rig.device.destroy()); // after about 650 tokens
    const got = await write(lossy.runtime, options);
    expect(got.changes).to.have.lengthOf(1);
    expect(got.text).to.equal(expected.text);
  });

  it('goes on in every session, wherever it is lost', async () => {
    const parts = async (loseAt: number | null) => {
      const { rig, runtime } = await onGpu();
      const texts: [string, string, string] = ['', '', ''];
      const go = async (session: 0 | 1 | 2, prompt: string) => {
        const { text } = await runtime.generate(
          { prompt, maxTokens: 8, temperature: 0.7, keepState: true },
          {},
          session,
        );
        const [next] = await runtime.score('q', {}, session);
        texts[session] += `${text} ${next?.logProbability.toFixed(4)}|`;
      };
      await go(0, 'the quick');
      await go(1, 'over the');
      await runtime.copySession(1, 2);
      if (loseAt === 0) rig.device.destroy();
      else if (loseAt !== null) rig.beforeSubmit(loseAt, () => rig.device.destroy());
      for (const session of [0, 1, 2, 0] as const) await go(session, session === 2 ? 'lazy' : '');
      return { texts, reason: runtime.info?.reason.code };
    };
    const expected = await parts(null);
    expect(expected.reason).to.equal('asked');
    for (const submit of [0, 9]) {
      expect(await parts(submit)).to.deep.equal({ texts: expected.texts, reason: 'device-lost' });
    }
  });

  it('keeps the weights when the device is lost and nothing is written', async () => {
    const { rig, runtime } = await onGpu();
    rig.device.destroy();
    expect(new Uint8Array(await runtime.export())).to.deep.equal(new Uint8Array(file));
  });

  it('moves to another backend when that is asked for, with its state', async () => {
    const { runtime } = await onGpu();
    const whole = await write(runtime);
    const first = await write(runtime, { maxTokens: 15 });
    runtime.backend = 'wasm';
    const changes: BackendChange[] = [];
    const { text } = await runtime.generate(
      { prompt: '', maxTokens: 25, temperature: 0.7, seed: 5, keepState: true },
      { onBackend: (change) => changes.push(change) },
    );
    expect(first.text + text).to.equal(whole.text);
    expect(changes).to.deep.equal([{ from: 'webgpu', to: 'wasm', reason: { code: 'asked' }, message: '' }]);
  });
});
