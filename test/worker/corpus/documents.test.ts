import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CorpusFile } from '../../../core/corpus.js';
import { split } from '../../../worker/corpus/split.js';
import { spanLength } from '../../../worker/corpus/spans.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { prepareTraining } from '../../../worker/training-data.js';
import { textModule } from '../text/modules.js';
import { allOf, file, gzip, kept, read, refused, StreamedFile, verse, type Request } from './reading.js';

const separator = '<|endoftext|>';
const utf8 = new TextEncoder();
const text = (bytes: Iterable<number>) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));

interface Given extends Request {
  readonly separator?: string | undefined;
}

function corpusOf(files: readonly CorpusFile[], { separator: documentSeparator, ...request }: Given = {}) {
  return read({ kind: 'files', files, documentSeparator }, request);
}

/** The documents of a corpus of bytes. */
async function documentsOf(files: readonly CorpusFile[], given: Given = {}): Promise<string[]> {
  const { corpus } = await corpusOf(files, given);
  const all = await allOf(corpus.tokens);
  let at = 0;
  return Array.from({ length: corpus.documents.length }, (_, i) =>
    text(all.subarray(at, (at += corpus.documents.tokens(i)))),
  );
}

/** A file that comes in pieces of these sizes, in turns. */
function inPieces(name: string, content: string, sizes: readonly number[]): CorpusFile {
  const bytes = utf8.encode(content);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 1) {
    pieces.push(bytes.slice(at, at + (sizes[pieces.length % sizes.length] ?? 1)));
  }
  return { name, file: new StreamedFile((i) => pieces[i] ?? new Uint8Array(0), pieces.length, bytes.length) };
}

/** So that there is enough to learn from, and not more documents. */
const long = `${verse}${verse}`;

describe('documents of a file', () => {
  test('stand between lines that are the separator, whatever the line ends', async () => {
    const content = `${long}${separator}\r\ntwo\r\n\r\n${separator}\n${separator}\nthree ${separator}\n ${separator}\n${separator}`;
    assert.deepEqual(await documentsOf([file('a.txt', content)], { separator }), [
      long,
      'two\n\n',
      `three ${separator}\n ${separator}\n`,
    ]);
    assert.deepEqual(await documentsOf([file('a.txt', `${long}***\nend`)], { separator: '***' }), [long, 'end\n']);
    assert.deepEqual(await documentsOf([file('a.txt', content)]), [content.replaceAll('\r', '')], 'or are one');
  });

  test('any way of cutting the bytes into pieces gives the same documents', async () => {
    const word = fc.constantFrom('aab', 'aab\n', '\n', '\r\n', 'a', 'b', 'aabb', '\r', 'é🌊', 'aab\r\n', 'aab\r');
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        async (words, sizes) => {
          const content = `${long}aab\n${words.join('')}`;
          const expected = content
            .split(/(?<![^\n])aab\r?(?:\n|$)/)
            .map((document) => document.replaceAll('\r\n', '\n'))
            .filter((document) => document !== '')
            .map((document) => (document.endsWith('\n') ? document : `${document}\n`));
          assert.deepEqual(await documentsOf([inPieces('a', content, sizes)], { separator: 'aab' }), expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a separator is one line of text', async () => {
    for (const wrong of ['', 'a\nb', 'a\r', 'x'.repeat(1001)]) {
      await refused(
        corpusOf([file('a', long)], { separator: wrong }),
        'invalid-option',
        /documentSeparator: expected one line/,
      );
    }
  });

  test('a few control characters between two separators do not make a file binary, and pictures stay out', async () => {
    const some = file('a', `\x01\x02\n${separator}\n${long}`);
    const picture = file(
      'b',
      Uint8Array.from({ length: 4000 }, (_, i) => (i * 37) % 29),
    );
    const { report } = await corpusOf([some, picture], { separator });
    assert.deepEqual([report.documents, report.skippedCount], [2, 1]);
  });

  test('those of one text are those of a file', async () => {
    const { corpus } = await read({ kind: 'text', text: `${long}${separator}\nb`, documentSeparator: separator });
    assert.equal(corpus.documents.length, 2);
  });
});

describe('pages of a file', () => {
  test('are a document each, even where one leaves something open', async () => {
    const page = (body: string) => `<!doctype html>\n<html><head><title>x</title></head><body><p>${body}`;
    const content = page(`${verse}<script>`) + `</script><svg>${page('two</p></body></html>\n')}<html>three<pre>`;
    assert.deepEqual(await documentsOf([file('a.html', content, page(verse))]), [verse, 'two\n', 'three\n', verse]);
    assert.deepEqual(await documentsOf([inPieces('a.html', content + page(verse), [3, 1, 7])]), [
      verse,
      'two\n',
      'three\n',
      verse,
    ]);
  });

  test('can be parted by a line of their text, too', async () => {
    assert.deepEqual(await documentsOf([file('a.html', `<p>${long}<p>***<p>two`)], { separator: '***' }), [
      `${long.trim().replaceAll('\n', ' ')}\n\n`,
      '\ntwo\n',
    ]);
  });
});

describe('lines of JSON', () => {
  const line = (value: string) => JSON.stringify({ id: 7, text: value });

  test('are documents, whatever else they hold; packed or not, in any pieces', async () => {
    const texts = [long, 'zwölf 🌊\nzeilen', `${separator}\n`, '', 'end'];
    const content = `\n${texts.map(line).join('\r\n \n')}`;
    const expected = [long, 'zwölf 🌊\nzeilen\n', `${separator}\n`, 'end\n'];
    assert.deepEqual(await documentsOf([file('a.jsonl', content)], { separator }), expected);
    assert.deepEqual(await documentsOf([file('a.NDJSON.gz', await gzip(content))]), expected);
    for (const size of [1, 2, 5, 9])
      assert.deepEqual(await documentsOf([inPieces('a.jsonl', content, [size])]), expected);
  });

  test('that are none are refused, by their number', async () => {
    const cases = [
      ['{"text": "a"', /^a\.jsonl, line 3, is no JSON\. .*\{"text": "…"\}/],
      ['{"content": "a"}', /^a\.jsonl, line 3, has no "text"/],
      ['["text"]', /line 3, has no "text"/],
      ['{"text": 7}', /line 3, has no "text"/],
    ] as const;
    for (const [wrong, message] of cases) {
      await refused(corpusOf([file('a.jsonl', `${line(long)}\n\n${wrong}\n${line('b')}`)]), 'corpus-not-text', message);
    }
  });

  test('a line without an end is refused before it fills the memory', async () => {
    const endless = new StreamedFile(() => new Uint8Array(2 ** 20).fill(0x61), 64, 64 * 2 ** 20);
    const work = corpusOf([{ file: endless, name: 'a.jsonl' }]);
    await refused(work, 'corpus-not-text', /line 1, is longer than 16,777,216 characters/);
  });
});

/** Files of numbered documents, of which some are equal. */
const someFiles = fc
  .array(fc.array(fc.nat(60), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 3 })
  .map((files) => files.map((numbers) => numbers.map((number) => `${number}: ${verse.repeat(2 + (number % 3))}`)));

const joinedBySeparators = (documents: readonly string[], i: number) =>
  file(`${i}.txt`, documents.join(`${separator}\n`));

describe('what is held out', () => {
  test('nothing of a held-out document is in training, nothing is lost, and the order is nothing to it', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, fc.constantFrom(0.05, 0.2, 0.4), async (files, fraction) => {
        const heldOf = async (given: readonly (readonly string[])[]) => {
          const { corpus } = await corpusOf(given.map(joinedBySeparators), { separator });
          const all = await allOf(corpus.tokens);
          const texts = ({ start, end }: { start: number; end: number }) =>
            text(all.subarray(start, end)).split(/(?<=\n)(?=\d+: )/);
          const { training, held } = split(corpus, fraction);
          return {
            training: training.flat().flatMap(texts),
            held: held.flatMap(texts),
            total: all.length,
            spans: held,
          };
        };
        const one = await heldOf(files);
        const all = files.flat();
        const length = (texts: readonly string[]) => texts.join('').length;
        // Few documents that are all too large are held out at their ends.
        const whole = one.held.every((document) => all.includes(document));
        if (whole) {
          assert.deepEqual([...one.training, ...one.held].sort(), [...all].sort());
          assert.ok(one.held.every((document) => !one.training.includes(document)));
          assert.ok(one.spans.reduce((sum, span) => sum + spanLength(span), 0) <= fraction * one.total);
        }
        if (all.length > 30) assert.ok(whole && length(one.held) > (fraction / 2) * length(all));
        const other = await heldOf(files.map((documents) => documents.toReversed()).toReversed());
        if (whole) assert.deepEqual(other.held.sort(), one.held.sort());
      }),
      { numRuns: 60 },
    );
  });

  test('a run trains on the files with their weights, and is tested on whole documents of all', async () => {
    const documents = Array.from({ length: 50 }, (_, i) => `${i}: ${verse}`);
    const [often, once] = [documents.slice(0, 25), documents.slice(25)].map(joinedBySeparators);
    assert.ok(often && once);
    const corpus = { kind: 'files', files: [{ ...often, weight: 2 }, once], documentSeparator: separator } as const;
    const data = await prepareTraining(
      textModule,
      { corpus, start: { kind: 'new', size: 'small' }, tokenizer: 'bytes', options: {}, samplePrompt: '' },
      null,
    );
    assert.deepEqual(data.weights, [2, 1]);
    assert.deepEqual(data.corpus.files, [25, 25]);
    const total = documents.join('').length;
    assert.ok(data.validationTokens > 0.05 * total && data.validationTokens < 0.1 * total);
    assert.ok(data.trainingTokens > 1.3 * total && data.trainingTokens < 1.5 * total);
  });
});

describe('repeats', () => {
  test('of documents are dropped across files, and what is left is the same as without them', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, async (files) => {
        const expected = [...new Set(files.flat())];
        const given = files.map(joinedBySeparators);
        assert.deepEqual(await documentsOf(given, { separator, deduplicate: 'documents' }), expected);
        const { report, corpus, weights } = await corpusOf(given, { separator, deduplicate: 'documents' });
        assert.equal(report.repeats, files.flat().length - expected.length);
        assert.equal(report.documents, expected.length);
        assert.equal(corpus.characters, expected.join('').length);
        assert.equal(
          corpus.files.reduce((a, b) => a + b),
          expected.length,
        );
        assert.equal(weights.length, corpus.files.length, 'a file of which nothing is left has no weight');
      }),
      { numRuns: 40 },
    );
  });

  test('of paragraphs go within documents, and what is empty then is no document', async () => {
    const content = `${long}\n${separator}\n${long}\n${separator}\nend\n`;
    assert.deepEqual(await documentsOf([file('a', content)], { separator, deduplicate: 'paragraphs' }), [
      `${long}\n`,
      'end\n',
    ]);
  });
});

test('documents on the disk are found again, and flipped ones are not', async () => {
  const folder = new MemoryFolder();
  const store = kept(folder, { small: 0, memory: 2 ** 20 });
  const text = Array<string>(40).fill(verse).join(`${separator}\n`);
  const source = { kind: 'text', text, documentSeparator: separator } as const;
  const first = await read(source, {}, store);
  assert.deepEqual([first.report.tokensOn, first.report.documents], ['disk', 40]);
  await first.corpus.tokens.close();
  const again = await read(source, {}, store);
  assert.deepEqual(again.corpus.documents.bytes, first.corpus.documents.bytes);
  await again.corpus.tokens.close();
  const stored = await folder.open(`${first.corpus.id}.tokens`);
  await stored.write(Uint8Array.of(99), stored.size - 12);
  const progress: string[] = [];
  const anew = await read(source, { onProgress: ({ phase }) => progress.push(phase) }, store);
  assert.ok(progress.includes('encoding'), 'it was encoded anew');
  assert.deepEqual(anew.corpus.documents.bytes, first.corpus.documents.bytes);
});

test('a document that is another one the second time is an error', async () => {
  const content = (n: number) => `${long}${separator}\n${n}\n${separator}\n`;
  const cases = [content(2), `${long}${separator}\n1${separator}\n`, `a\n${separator}\n`.repeat(9), long];
  for (const other of cases) {
    const size = utf8.encode(content(1)).length;
    const changing: StreamedFile = new StreamedFile(
      () => utf8.encode(changing.reads === 1 ? content(1) : other.padEnd(size, '#').slice(0, size)),
      1,
      size,
    );
    await refused(corpusOf([{ file: changing, name: 'a' }], { separator }), 'disk', /another text the second time/);
  }
});

test('of too many documents the last one that is told apart takes in all that follow', async () => {
  const documents = Array.from({ length: 20 }, (_, i) => `${i}: ${verse}`);
  const given = [file('a', documents.join(`${separator}\n`))];
  assert.deepEqual(await documentsOf(given, { separator, mostDocuments: 5 }), [
    ...documents.slice(0, 4),
    documents.slice(4).join(''),
  ]);
});
