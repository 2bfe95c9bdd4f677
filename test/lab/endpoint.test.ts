/** The laboratory's end of the wall with a scripted experiment: frames are never a flood, and a run does what it is told. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AdaptiveError } from '../../core/errors.js';
import { createLabEndpoint } from '../../lab/endpoint.js';
import type { AnyFrame, Experiment, Laboratory } from '../../lab/experiment.js';
import type { LabApi, LabCommand, LabRequest } from '../../lab/protocol.js';
import { nextTask } from '../../worker/next-task.js';

const laboratory: Laboratory = {
  executor: () => Promise.reject(new Error('none')),
  mnist: () => Promise.reject(new Error('none')),
  text: () => Promise.reject(new Error('none')),
};

/** Counts to `total`, a frame each, and notes what became of it. */
function counting(total: number, log: string[]): Experiment<unknown, AnyFrame> {
  return {
    name: 'counting',
    title: '',
    about: '',
    parse(settings) {
      if (settings === 'wrong') throw new AdaptiveError('invalid-option', 'hiddenSize: expected another.');
      return settings;
    },
    async *run({ signal }) {
      const frameAt = (done: number): AnyFrame => ({ progress: { done, total, note: '' } });
      try {
        for (let done = 1; done <= total; done++) {
          await nextTask();
          signal.throwIfAborted();
          log.push(`made ${done}`);
          yield frameAt(done);
        }
        return { claims: [], tables: [], last: frameAt(total) };
      } finally {
        log.push('cleared');
      }
    },
    summarise: ([report]) => report ?? { claims: [], tables: [], last: { progress: { done: 0, total, note: '' } } },
  };
}

/** A run, and the page's end of its port. */
function begin(total: number, given: Partial<LabRequest> = {}, endpoint?: LabApi) {
  const log: string[] = [];
  const api =
    endpoint ??
    createLabEndpoint({
      find: (name) => (name === 'counting' ? counting(total, log) : null),
      laboratory: () => laboratory,
    });
  const { port1, port2 } = new MessageChannel();
  const frames: number[] = [];
  let arrived = (): void => {};
  port1.onmessage = ({ data }: MessageEvent<AnyFrame>) => {
    frames.push(data.progress.done);
    arrived();
  };
  const request: LabRequest = {
    experiment: 'counting',
    settings: {},
    seed: 1,
    mnist: { kind: 'files', files: [] },
    texts: {},
    frames: 'newest',
    stepsPerFrame: null,
    held: false,
    ...given,
  };
  const reply = api.run(request, port2).finally(() => {
    port1.close();
    port2.close();
  });
  return {
    api,
    log,
    frames,
    reply,
    tell: (type: Exclude<LabCommand['type'], 'speed'>) => port1.postMessage({ type }),
    until: async (count: number): Promise<void> => {
      while (frames.length < count) await new Promise<void>((resolve) => (arrived = resolve));
    },
  };
}

/** So many lines are in the log. */
async function made(log: readonly string[], count: number): Promise<void> {
  while (log.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Time enough for what shall not happen, if it were to. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 30));

async function codeOf(reply: ReturnType<typeof begin>['reply']): Promise<string> {
  const answer = await reply;
  return answer.ok ? 'no error' : answer.error.code;
}

describe('the laboratory’s endpoint', () => {
  test('sends one frame, and then the newest once that was taken', async () => {
    const { reply, frames, tell, until } = begin(100);
    await until(1);
    assert.deepEqual(frames, [1]);
    tell('taken');
    const answer = await reply;
    assert.equal(answer.ok && answer.value.last.progress.done, 100);
    assert.ok(frames.length <= 3, frames.join());
  });

  test('sends every frame where all are kept, and is one ahead of what was taken', async () => {
    const { reply, frames, log, tell, until } = begin(6, { frames: 'all' });
    for (let taken = 0; taken <= 4; taken++) {
      await until(taken + 2);
      await pause();
      assert.equal(log.length, taken + 2, 'nothing more is made');
      tell('taken');
    }
    await reply;
    assert.deepEqual(frames, [1, 2, 3, 4, 5, 6]);
  });

  test('stands still after its first frame, steps, goes on, pauses and is stopped', async () => {
    const { reply, log, tell } = begin(1_000_000, { held: true });
    await made(log, 1);
    await pause();
    assert.deepEqual(log, ['made 1']);
    tell('step');
    tell('step');
    await made(log, 3);
    await pause();
    assert.deepEqual(log, ['made 1', 'made 2', 'made 3']);
    tell('resume');
    await made(log, 50);
    tell('pause');
    await pause();
    const held = log.length;
    await pause();
    assert.equal(log.length, held);
    tell('stop');
    assert.equal(await codeOf(reply), 'aborted');
    assert.equal(log.at(-1), 'cleared');
  });

  test('refuses a second run, unknown names, settings and seeds, and works on', async () => {
    const first = begin(1_000_000, { held: true });
    await made(first.log, 1);
    assert.equal(await codeOf(begin(1, {}, first.api).reply), 'busy');
    first.tell('stop');
    await first.reply;
    assert.equal(await codeOf(begin(1, { experiment: 'nothing' }, first.api).reply), 'invalid-option');
    assert.equal(await codeOf(begin(1, { settings: 'wrong' }, first.api).reply), 'invalid-option');
    assert.equal(await codeOf(begin(1, { seed: 0.5 }, first.api).reply), 'invalid-option');
    const before = first.log.length;
    const last = begin(1, { held: true }, first.api);
    await made(first.log, before + 1);
    last.tell('stop');
    await last.reply;
    assert.equal(first.log[before], 'made 1');
  });
});
