/** Texts that are none, too little, too much or unreadable: refused with what to do, and nothing is lost by it. */
import { aTimeout, expect } from '@open-wc/testing';
import type { AdaptiveLm, CorpusInput, TrainOptions } from '../../components/define.js';
import type { ErrorCode } from '../../core/errors.js';
import type { TrainingEvent } from '../../core/protocol.js';
import { ModelClient } from '../../worker/client.js';
import { alertText, button, find, findAll, settled, type } from '../components/helpers.js';
import { latin1 } from '../files/raw.js';
import {
  checkAlive,
  corpus,
  mount,
  mountEmpty,
  nextError,
  reached,
  refuses,
  tiny,
  tinyRun,
  tinyShape,
  until,
  writeSame,
} from './helpers.js';

function file(...parts: BlobPart[]): File {
  return new File(parts, 'mine.txt');
}

/** `size` bytes that look like those of an archive or a film. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

function utf16(text: string): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes above 127 stand alone in a text of an 8-bit encoding. */
function inLatin1(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(latin1(text));
}

/** A file that was written over after it was chosen: the browser then refuses to read it. */
async function changedFile(): Promise<File> {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle('changed.txt', { create: true });
  const write = async (text: string): Promise<void> => {
    const writable = await handle.createWritable();
    await writable.write(text);
    await writable.close();
  };
  await write(corpus);
  const chosen = await handle.getFile();
  await aTimeout(20); // its time of change has to be another one
  await write(`${corpus}${corpus}`);
  return chosen;
}

const png = ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x04\0\x08\x06'].map(inLatin1);

const bad: readonly (readonly [name: string, make: () => string | Blob | Promise<Blob>, ErrorCode, RegExp[]])[] = [
  ['an empty text', () => '', 'corpus-too-short', [/empty/, /at least 100/]],
  ['one character', () => 'x', 'corpus-too-short', [/only 1 character;/, /at least 100/]],
  ['99 characters', () => 'x'.repeat(99), 'corpus-too-short', [/only 99 characters/, /at least 100/]],
  ['a file of no bytes', () => file(), 'corpus-too-short', [/empty/, /at least 100/]],
  ['a PNG image', () => file(...png, noise(9000)), 'corpus-not-text', [/^mine\.txt is a PNG image/, /UTF-8/]],
  ['random bytes', () => file(noise(10_000)), 'corpus-not-text', [/^mine\.txt is binary/, /UTF-8/]],
  ['bytes that are all 0', () => file(new Uint8Array(5000)), 'corpus-not-text', [/binary data/, /UTF-8/]],
  ['UTF-16 without its mark', () => file(utf16(corpus)), 'corpus-not-text', [/binary/, /UTF-8/]],
  ['text in another encoding', () => file(inLatin1('\xe4\xf6\xfc '.repeat(99))), 'corpus-not-text', [/encoding/]],
  ['a file that changed', changedFile, 'disk', [/^changed\.txt could not be read/, /again/]],
];

describe('<adaptive-lm> given a corpus that is none', () => {
  for (const [name, make, code, saying] of bad) {
    it(`refuses ${name}`, async () => {
      const element = await mount();
      const text = await writeSame(element);
      const given = await make();
      await refuses(element, () => element.train(given, tiny), code, ...saying);
      expect(await writeSame(element)).to.equal(text);
      await checkAlive(element);
    });
  }

  it('refuses a text shorter than the batch, by numbers', async () => {
    const element = await mount();
    const short = () => element.train(corpus.slice(0, 400), { ...tiny, batchSize: 512 });
    await refuses(element, short, 'corpus-too-short', /360 tokens/, /512 rows/, /at least 513/, /smaller batch/);
    await checkAlive(element);
  });

  it('shows in the page what is wrong with a pasted text, keeps it, and learns a better one', async () => {
    const element = await mountEmpty();
    const field = find<HTMLTextAreaElement>(element, '[part="corpus"]');
    expect(button(element, 'Start training').disabled).to.equal(true);
    type(field, 'x');
    await settled(element);
    const error = nextError(element);
    button(element, 'Start training').click();
    expect((await error).code).to.equal('corpus-too-short');
    await settled(element);
    expect(alertText(element)).to.contain('at least 100 characters');
    expect(element.state).to.equal('error');
    expect(field.checkVisibility()).to.equal(true);
    expect(field.value).to.equal('x');
    await checkAlive(element);
  });
});

describe('<adaptive-lm> given texts of other kinds', () => {
  async function learned(given: CorpusInput, options: TrainOptions = {}) {
    const element = await mountEmpty();
    const { reason } = await element.train(given, { ...tiny, ...options });
    expect(reason).to.equal('finished');
    return element;
  }

  const vocabulary = ({ model }: AdaptiveLm) => model?.config.vocabularySize;
  const letters = new Set(corpus).size + 1;

  it('unpacks gzip, reads UTF-16 by its mark, and sees the text of a web page', async () => {
    const packed = await new Response(new Blob([corpus]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
    const page = `<!doctype html><title>X</title><script>QQ</script><p>${corpus}</p><!-- Z --><p>&amp;${corpus}`;
    expect(vocabulary(await learned(file(packed)))).to.equal(letters);
    expect(vocabulary(await learned(file(utf16(`\ufeff${corpus}`))))).to.equal(letters);
    expect(vocabulary(await learned(new File([page], 'page.html')))).to.equal(letters + 2); // & and the line feed
  });

  it('reads several files, and an address of its own origin', async () => {
    const files = [new File([`${corpus}X`], 'x.txt'), { file: new Blob([`${corpus}Y`]), name: 'y.txt', weight: 2 }];
    expect(vocabulary(await learned(files))).to.equal(letters + 3);
    const element = await learned(new URL('/package.json', location.href));
    expect(vocabulary(element)).to.be.greaterThan(letters);
    await checkAlive(element);
  });

  it('refuses an address of another origin without asking it, and one that is not there', async () => {
    const element = await mount();
    const elsewhere = () => element.train(new URL('https://example.org/sea.txt'), tiny);
    await refuses(element, elsewhere, 'invalid-option', /example\.org/, /no other server learns/);
    const missing = () => element.train(new URL('/missing.txt', location.href), tiny);
    await refuses(element, missing, 'network', /missing\.txt could not be read: the server answered 404/);
    await checkAlive(element);
  });

  it('tells how far the reading is, keeps many tokens on the disk, and finds them again', async () => {
    const large = new File(new Array<string>(5000).fill(corpus), 'large.txt'); // 12 MB
    const client = new ModelClient();
    const run = async () => {
      const events: TrainingEvent[] = [];
      const training = client.train(
        {
          corpus: { kind: 'files', files: [{ file: large, name: large.name }] },
          start: { kind: 'new', size: tinyShape },
          tokenizer: 'characters',
          options: { batchSize: 4, segmentLength: 32, threads: 1 },
          samplePrompt: '',
        },
        {
          onEvent(event) {
            events.push(event);
            if (event.type === 'progress') training.stop();
          },
        },
      );
      expect((await training.result).reason).to.equal('stopped');
      return events;
    };
    const first = await run();
    const phases = first.map((event) => (event.type === 'reading' ? event.phase : event.type));
    expect(phases.slice(0, phases.indexOf('started'))).to.include.members(['surveying', 'encoding']);
    const last = first.filter((event) => event.type === 'reading').at(-1);
    expect(last).to.include({ loadedBytes: large.size, totalBytes: large.size });
    const started = first.find((event) => event.type === 'started');
    expect(started?.corpus).to.include({ documents: 1, tokensOn: 'disk', warning: '' });
    const second = await run();
    expect(second.some((event) => event.type === 'reading' && event.phase === 'encoding')).to.equal(false);
    expect(second.find((event) => event.type === 'started')?.corpus.tokensOn).to.equal('disk');
    client.destroy();
  });

  it('stops while it reads', async () => {
    const element = await mountEmpty();
    const work = element.train(new Blob(new Array<string>(20_000).fill(corpus)), tiny); // 50 MB
    const run = () => find(element, 'adaptive-lm-training-run').shadowRoot?.textContent ?? '';
    await reached(element, 'training');
    await settled(element);
    await until(() => /Looking at the text|Turning it into tokens/.test(run()));
    element.stopTraining();
    const { reason, progress } = await work;
    expect([reason, progress]).to.deep.equal(['stopped', null]);
    await checkAlive(element);
  });
});

describe('<adaptive-lm> given a text with broken characters', () => {
  const broken = (count: number): File => file(inLatin1(`${corpus}${'na\xefve '.repeat(count)}`));

  function notice(element: AdaptiveLm): string {
    return element.shadowRoot
      ? findAll(element.shadowRoot, '[part="notice"]')
          .map((e) => e.textContent)
          .join()
      : '';
  }

  it('learns the rest, and says how many there were and what to do', async () => {
    const element = await mountEmpty();
    const { reason } = await element.train(broken(20), tiny);
    await settled(element);
    expect(reason).to.equal('finished');
    expect(notice(element)).to.match(/\b20 characters/);
    expect(notice(element)).to.match(/UTF-8/);
    expect(notice(element)).not.to.match(/new model/); // it is one
    expect(element.state).to.equal('ready');
    await checkAlive(element);
    expect(notice(element)).to.equal('');
  });

  it('says so too of a model that reads bytes', async () => {
    const element = await mountEmpty();
    await element.train(broken(20), { ...tiny, tokenizer: 'bytes' });
    await settled(element);
    expect(notice(element)).to.match(/\b20 characters/);
    expect(notice(element)).to.match(/UTF-8/);
  });

  it('says which part of a whole text the model that goes on does not know', async () => {
    const element = await mount();
    await element.train(`${corpus}${'ÄÖÜ '.repeat(10)}`, { ...tinyRun, continue: true });
    await settled(element);
    expect(notice(element)).to.match(/\b30 characters/);
    expect(notice(element)).to.match(/new model/);
  });
});
