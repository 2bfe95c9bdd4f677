/** Every two of the things that can be asked of an element or a client, at once: nothing hangs, nothing is left broken. */
import { assert } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';
import { trainingRequest } from '../../core/training-request.js';
import { ModelClient } from '../../worker/client.js';
import { raceAll, type Contestant } from '../races.js';
import { codeOf, corpus, modelFile, reached, tiny } from './helpers.js';

/** What may come of being second, or of being ended. */
const codes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['busy', 'destroyed']);

function isExpected(error: unknown): boolean {
  return error instanceof AdaptiveError && codes.has(error.code);
}

const writing = { prompt: 'The ', maxTokens: 5 };

const ofElement = ['write', 'train', 'load', 'save', 'remove', 'move'] as const;
const ofClient = ['generate', 'train', 'load', 'export', 'destroy'] as const;

describe('two things asked for at once', () => {
  let file: Blob;
  before(async () => {
    file = await modelFile();
  });

  it('of an <adaptive-lm>: it works afterwards, or has ended and works when it is back', async () => {
    // Who came through one race is taken for the next: whatever was left behind is in the way there.
    const free: AdaptiveLm[] = [];
    const mount = async (): Promise<AdaptiveLm> => {
      const element = document.createElement('adaptive-lm');
      document.body.append(element);
      await element.load(file);
      return element;
    };
    const prepare = async (): Promise<Contestant<(typeof ofElement)[number]>> => {
      const element = free.pop() ?? (await mount());
      return {
        operations: {
          write: () => element.write('The ', { maxTokens: 40 }),
          train: () => element.train(corpus, tiny),
          load: () => element.load(file),
          save: () => element.save(),
          remove: async () => element.remove(),
          move: async () => document.body.append(element),
        },
        conclude: async () => {
          if (!element.isConnected) {
            await reached(element, 'empty');
            assert.equal(element.model, null);
            assert.equal(await codeOf(element.write()), 'destroyed');
            document.body.append(element);
            await element.load(file);
          }
          assert.equal(element.state, 'ready');
          assert.lengthOf(await element.write(writing.prompt, writing), writing.maxTokens);
          free.push(element);
        },
      };
    };
    await raceAll(ofElement, prepare, isExpected);
    for (const element of free) element.remove();
  });

  it('of a ModelClient: it works afterwards, or has ended', async () => {
    const free: ModelClient[] = [];
    const prepare = async (): Promise<Contestant<(typeof ofClient)[number]>> => {
      const client = free.pop() ?? new ModelClient();
      await client.loadFile(file);
      return {
        operations: {
          generate: () => client.generate({ prompt: 'The ', maxTokens: 40 }),
          train: () => client.train(trainingRequest(corpus, tiny)).result,
          load: () => client.loadFile(file),
          export: () => client.export(),
          destroy: async () => client.destroy(),
        },
        conclude: async (begun) => {
          if (begun.includes('destroy')) {
            assert.equal(await codeOf(client.info()), 'destroyed');
            return;
          }
          assert.lengthOf((await client.generate(writing)).text, writing.maxTokens);
          free.push(client);
        },
      };
    };
    await raceAll(ofClient, prepare, isExpected);
    for (const client of free) client.destroy();
  });

  it('of a ModelClient: a run whose worker is ended while its last events are waited for has no model', async () => {
    const client = new Hasty();
    assert.equal(await codeOf(client.train(trainingRequest(corpus, tiny)).result), 'destroyed');
  });
});

/** Is destroyed as soon as the worker has answered. */
class Hasty extends ModelClient {
  override async call<T>(ask: Parameters<typeof ModelClient.prototype.call<T>>[0]): Promise<T> {
    const answer = await super.call(ask);
    this.destroy();
    return answer;
  }
}
