/** Every two of the things that can be asked of an AdaptiveLM, at once: nothing hangs, nothing is left broken. */
import { assert } from '@open-wc/testing';
import { AdaptiveException, AdaptiveLM } from '../../api/index.js';
import { rejection } from '../components/helpers.js';
import { raceAll, type Contestant } from '../races.js';
import { corpus, tiny, tinyRun } from './texts.js';

const names = ['prompt', 'train', 'learn', 'save', 'import', 'destroy', 'clone'] as const;

/** What may come of asking while it trains, of being ended, of asking what has ended. */
function isExpected(error: unknown): boolean {
  return error instanceof AdaptiveException && ['AbortError', 'InvalidStateError'].includes(error.name);
}

const short = { maxTokens: 5 };

describe('two things asked of an AdaptiveLM at once', () => {
  it('leave it working, or ended, and its clones too', async () => {
    const maker = await AdaptiveLM.create();
    await maker.train(corpus, { ...tiny, epochs: 20 }).result;
    const file = await maker.save();
    maker.destroy();
    const free: AdaptiveLM[] = [];
    const prepare = async (): Promise<Contestant<(typeof names)[number]>> => {
      const model = free.pop() ?? (await AdaptiveLM.create({ file }));
      const clones: AdaptiveLM[] = [];
      return {
        operations: {
          prompt: () => model.prompt('The ', { maxTokens: 40 }),
          train: () => model.train(corpus, { ...tinyRun, epochs: 1 }).result,
          learn: () => model.learn('The clock must be fed.', { rehearsalTokens: 2000 }),
          save: () => model.save(),
          import: () => model.import(file),
          destroy: async () => model.destroy(),
          clone: async () => clones.push(await model.clone()),
        },
        conclude: async (begun) => {
          const ended = begun.includes('destroy');
          if (ended) {
            const thrown = await rejection(model.prompt('The ', short));
            assert.equal(thrown instanceof AdaptiveException && thrown.cause.code, 'destroyed');
          }
          for (const each of ended ? clones : [model, ...clones]) assert.lengthOf(await each.prompt('The ', short), 5);
          for (const clone of clones) clone.destroy();
          if (!ended) free.push(model);
        },
      };
    };
    await raceAll(names, prepare, isExpected);
    for (const model of free) model.destroy();
  });
});
