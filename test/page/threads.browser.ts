/** The real script of a thread, alone with its control block. */
import { aTimeout, expect } from '@open-wc/testing';
import { controlWord, programWord, type ReplayStart } from '../../worker/threads/thread-loop.js';

/** Bytes; behind the module's own data. */
const control = 524_288;
const workspace = 589_824;

describe('a thread', () => {
  it('takes no call that comes too late for another round', async () => {
    const response = await fetch(new URL('../../worker/kernels-shared.wasm', import.meta.url));
    const module = await WebAssembly.compile(await response.arrayBuffer());
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 32_767, shared: true });
    const words = new Int32Array(memory.buffer, control, programWord(2));
    const worker = new Worker(new URL('../../worker/threads/thread.js', import.meta.url), { type: 'module' });
    const start: ReplayStart = { kind: 'replay', module, memory, control, workspace, index: 1 };
    worker.postMessage(start);
    const ready = async (count: number): Promise<void> => {
      while (Atomics.load(words, controlWord.ready) < count) await aTimeout(5);
    };
    await ready(1);
    for (let i = 0; i < 20; i++) {
      await aTimeout(10); // it sleeps by now
      Atomics.notify(words, controlWord.round);
    }
    expect(Atomics.load(words, controlWord.ready)).to.equal(1);
    Atomics.add(words, controlWord.round, 1);
    Atomics.notify(words, controlWord.round);
    await ready(2);
    worker.terminate();
  });
});
