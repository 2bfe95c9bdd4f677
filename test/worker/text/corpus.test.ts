import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveError, type ErrorCode } from '../../../core/errors.js';
import { Corpus, split } from '../../../worker/text/corpus.js';
import { readCorpusText } from '../../../worker/text/corpus-text.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { builds, textModule } from './modules.js';

async function read(module: WebAssembly.Module, bytes: Uint8Array<ArrayBuffer> | string) {
  const memory = new TextMemory(module);
  const text = await readCorpusText(memory, { kind: 'file', file: new Blob([bytes]), name: 'sea.txt' });
  return { ...text, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(memory.bytes(text.block)) };
}

async function refused(source: Blob | string, code: ErrorCode, message: RegExp): Promise<void> {
  const given =
    typeof source === 'string'
      ? ({ kind: 'text', text: source } as const)
      : ({ kind: 'file', file: source, name: 'sea.txt' } as const);
  await assert.rejects(readCorpusText(new TextMemory(textModule), given), (error) => {
    assert.ok(error instanceof AdaptiveError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

for (const { name, module } of builds) {
  describe(`${name}: cleaning`, () => {
    test('a byte order mark goes, CR LF becomes LF, the rest stays', async () => {
      const { text } = await read(module, '\ufeffone\r\ntwo\rthree\n\r\nfour\r');
      assert.equal(text, 'one\ntwo\rthree\n\nfour\r');
    });

    test('a second byte order mark stays, half a mark does too', async () => {
      assert.equal((await read(module, '\ufeff\ufeffa')).text, '\ufeffa');
      assert.equal((await read(module, Uint8Array.of(0xef, 0xbb, 0x61, 0x62, 0x63))).text, '\ufffdabc');
    });

    test('characters and replaced ones are counted', async () => {
      const bytes = Uint8Array.from([
        ...new TextEncoder().encode('naïve café \ufffd '.repeat(20)),
        0xe9,
        0x20,
        0xf0,
        0x9f,
      ]);
      const { characters, replaced } = await read(module, bytes);
      assert.equal(characters, 13 * 20 + 3);
      assert.equal(replaced, 2);
    });
  });

  test(`${name}: segments are the tokens in their order, each followed by its target`, () => {
    return fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.nat(20),
        async (n, batchSize, lengths, start) => {
          fc.pre(n > batchSize);
          const corpus = counting(module, n + start);
          const stream = corpus.stream({ start, end: start + n }, batchSize, 20);
          const { rowLength } = stream;
          assert.equal(rowLength, Math.floor((n - 1) / batchSize));
          const ids = new Int32Array(20 * batchSize);
          const targets = new Int32Array(ids.length);
          for (let round = 0; round < 2; round++) {
            let at = 0;
            for (let i = 0; stream.position < (round + 1) * rowLength; i++) {
              const steps = await stream.next(ids, targets, lengths[i % lengths.length] ?? 1);
              assert.ok(steps > 0);
              for (let t = 0; t < steps; t++) {
                for (let b = 0; b < batchSize; b++) {
                  const token = start + b * rowLength + at + t;
                  assert.equal(ids[t * batchSize + b], token % 256);
                  assert.equal(targets[t * batchSize + b], (token + 1) % 256);
                }
              }
              at += steps;
            }
            assert.equal(at, rowLength, 'all of the row was read');
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}

/** n tokens, of which token i is i mod 256. */
function counting(module: WebAssembly.Module, n: number): Corpus {
  const memory = new TextMemory(module);
  const block = memory.takeText(Uint8Array.from({ length: n }, (_, i) => i));
  return Corpus.encode(memory, { kind: 'bytes' }, { block, taken: block, characters: n, replaced: 0 });
}

test('the last part is held out', () => {
  assert.deepEqual(split(1_115_394, 0.1), {
    training: { start: 0, end: 1_003_854 },
    held: { start: 1_003_854, end: 1_115_394 },
  });
  assert.deepEqual(split(10, 0).held, { start: 10, end: 10 });
});

describe('what is no text is refused', () => {
  const noise = (n: number) => Uint8Array.from({ length: n }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);

  test('random bytes', () => refused(new Blob([noise(5000)]), 'corpus-not-text', /sea\.txt is binary data, not text/));

  test('an image, by name', () =>
    refused(new Blob(['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', noise(3000)]), 'corpus-not-text', /not text/));

  test('UTF-16', () => {
    const bytes = new Uint8Array(Uint16Array.from(`\ufeff${'the sea '.repeat(99)}`, (c) => c.charCodeAt(0)).buffer);
    return refused(new Blob([bytes]), 'corpus-not-text', /UTF-16.*UTF-8/);
  });

  test('a language in an 8-bit encoding that is not UTF-8', () => {
    const cyrillic = Uint8Array.from({ length: 3000 }, (_, i) => (i % 6 === 5 ? 0x20 : 0xe0 + (i % 32)));
    return refused(new Blob([cyrillic]), 'corpus-not-text', /another encoding/);
  });

  test('a file of 300 MB, without reading it', async () => {
    const part = new Blob([new Uint8Array(2 ** 20)]);
    const large = new Blob(Array.from({ length: 300 }, () => part));
    const started = performance.now();
    await refused(large, 'corpus-too-large', /300 MiB.*64 MiB/);
    assert.ok(performance.now() - started < 200);
  });

  test('a file that goes away', () => {
    class Gone extends Blob {
      override stream(): ReturnType<Blob['stream']> {
        throw new Error('it was moved');
      }
    }
    return refused(new Gone(['the sea']), 'disk', /sea\.txt could not be read: it was moved/);
  });
});

test('a text with a stray control character, and Latin-1 with some accents, are text', async () => {
  assert.equal((await read(textModule, `the sea\0 was calm. ${'water '.repeat(50)}`)).replaced, 0);
  const latin = Uint8Array.from({ length: 1000 }, (_, i) => (i % 20 === 0 ? 0xe9 : 0x61 + (i % 26)));
  assert.equal((await read(textModule, latin)).replaced, 50);
});
