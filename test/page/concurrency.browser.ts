/**
 * Two things asked for at once. What is asked for first is done first, unharmed. The second waits for a load, a save
 * or a reset, which are short; while the model writes, trains or loads another file, it is refused as `busy`.
 */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { AdaptiveError } from '../../core/errors.js';
import { alertText, settled, written } from '../components/helpers.js';
import { checkAlive, corpus, modelFile, mount, mountEmpty, tiny, writeSame } from './helpers.js';

let file = new Blob();

/** What is to be seen once it was done alone: so that a first operation that was disturbed is found out. */
const operations: Readonly<Record<string, (element: AdaptiveLm) => Promise<unknown>>> = {
  write: async (element) => {
    const text = await writeSame(element);
    await settled(element);
    return { text, shown: written(element) };
  },
  train: async (element) => {
    const { reason, progress } = await element.train(corpus, tiny);
    return { reason, step: progress?.step, loss: progress?.loss };
  },
  load: async (element) => {
    const { parameters, validationLoss } = await element.load(file);
    return { parameters, validationLoss };
  },
  save: async (element) => bytes(await element.save()),
  reset: async (element) => {
    await element.reset();
    return element.text;
  },
};

async function bytes(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return new Uint8Array(digest).toString();
}

type Name = 'write' | 'train' | 'load' | 'save' | 'reset';
const names: readonly Name[] = ['write', 'train', 'load', 'save', 'reset'];
const excludes: ReadonlySet<Name> = new Set<Name>(['write', 'train']);

/** Whether `second` waits for `first` instead of being refused. */
function waits(first: Name, second: Name): boolean {
  if (first === 'load') return second !== 'load';
  return !excludes.has(first);
}

const outcomes: Partial<Record<Name, Promise<unknown>>> = {};

/** Of an operation that nothing disturbs. */
function outcome(name: Name): Promise<unknown> {
  return (outcomes[name] ??= prepared().then((element) => begin(element, name)));
}

async function begin(element: AdaptiveLm, name: Name): Promise<unknown> {
  return operations[name]?.(element);
}

/** An element that has written something. */
async function prepared(): Promise<AdaptiveLm> {
  const element = await mount();
  await element.write('Begin ', { maxTokens: 9, seed: 1 });
  return element;
}

describe('<adaptive-lm> asked for two things at once', () => {
  for (const first of names) {
    for (const second of names) {
      it(`${first} and ${second}: the second ${waits(first, second) ? 'waits' : 'is refused'}`, async () => {
        file = await modelFile();
        const alone = { first: await outcome(first), second: await outcome(second) };
        const element = await prepared();
        const errors: string[] = [];
        element.addEventListener('adaptive-error', ({ error }) => errors.push(error.code));
        const [one, two] = await Promise.allSettled([begin(element, first), begin(element, second)]);
        expect(one).to.deep.equal({ status: 'fulfilled', value: alone.first });
        if (waits(first, second)) {
          expect(two).to.deep.equal({ status: 'fulfilled', value: alone.second });
        } else {
          expect(two).to.have.property('status', 'rejected');
          const thrown: unknown = two.status === 'rejected' ? two.reason : null;
          expect(thrown instanceof AdaptiveError && thrown.code).to.equal('busy');
          expect(thrown instanceof AdaptiveError && thrown.message).to.match(/Stop it first|Wait until/);
        }
        await settled(element);
        expect(errors).to.deep.equal([]);
        expect(alertText(element)).to.equal('');
        expect(element.state).to.equal('ready');
        await checkAlive(element);
      });
    }
  }
});

describe('<adaptive-lm> stopped at once', () => {
  it('does not begin to write', async () => {
    const element = await mount();
    const work = element.write('The ', { maxTokens: 100_000 });
    element.stop();
    expect(await work).to.equal('');
    await checkAlive(element);
  });

  it('does not begin to write after the load that it waited for', async () => {
    const element = await mountEmpty();
    const load = element.load(await modelFile());
    const work = element.write('The ', { maxTokens: 100_000 });
    element.stop();
    await load;
    expect((await work).length).to.equal(0);
    await checkAlive(element);
  });
});
