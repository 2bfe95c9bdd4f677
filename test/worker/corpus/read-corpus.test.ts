import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CorpusFile } from '../../../core/corpus.js';
import { AdaptiveError } from '../../../core/errors.js';
import { Shelf } from '../../../worker/corpus/shelf.js';
import type { Folder, StoredFile } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { createTokenizer } from '../../../worker/text/tokenizers.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { textModule } from '../text/modules.js';
import { allOf, file, gzip, kept, Progress, read, refused, StreamedFile, textOf, verse } from './reading.js';

const page = verse.repeat(40);
const png = Uint8Array.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0'.repeat(40), (c) => c.charCodeAt(0));
const noise = (n: number) => Uint8Array.from({ length: n }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);

/** A folder that lasts, as far as anybody can see, and whose files can be meddled with. */
class TestFolder implements Folder {
  readonly kind = 'disk';
  readonly lasting = true;
  readonly inner = new MemoryFolder();
  /** Bytes that may still be written. */
  room = Infinity;

  async open(name: string): Promise<StoredFile> {
    const stored = await this.inner.open(name);
    const write = stored.write.bind(stored);
    stored.write = async (from, at) => {
      if (from.byteLength > this.room) throw new AdaptiveError('storage-full', 'There is no room left.');
      this.room -= from.byteLength;
      await write(from, at);
    };
    return stored;
  }

  read(name: string) {
    return this.inner.read(name);
  }

  list() {
    return this.inner.list();
  }

  async remove(name: string): Promise<void> {
    for (const entry of await this.list()) if (entry.name === name) this.room += entry.bytes;
    await this.inner.remove(name);
  }
}

describe('files', () => {
  test('several are one text, each ending its last line', async () => {
    const files = [file('a.txt', 'one\r\ntwo'), file('b.md', page), file('c.txt.gz', await gzip('three'))];
    assert.equal(await textOf(files), `one\ntwo\n${page}three\n`);
    assert.equal(await textOf({ kind: 'text', text: page.trimEnd() }), page.trimEnd(), 'one stays as it is');
  });

  test('what is no text, or empty, is left out and named', async () => {
    const files = [file('a.png', png), file('sea.txt', page), file('noise', noise(5000)), file('none.txt')];
    const { report, corpus } = await read(files);
    assert.equal(report.documents, 1);
    assert.equal(report.skippedCount, 3);
    assert.deepEqual(report.skipped, [
      { name: 'a.png', reason: 'is a PNG image, not text' },
      { name: 'noise', reason: 'is binary data, not text' },
      { name: 'none.txt', reason: 'it is empty' },
    ]);
    assert.equal(corpus.tokens.length, page.length);
  });

  test('where none is text, or the only one is not, that is an error', async () => {
    await refused(read([file('a.png', png), file('b', noise(3000))]), 'corpus-not-text', /None of the 2 files.*a\.png/);
    await refused(read([file('a.png', png)]), 'corpus-not-text', /^a\.png is a PNG image/);
    await refused(read([file('a'), file('b')]), 'corpus-not-text', /it is empty/);
    await refused(read([file('a')]), 'corpus-too-short', /is empty; at least 100/);
  });

  test('what turns out to be none later on is an error, by name', async () => {
    const late = new Blob([page.repeat(1000), noise(4_000_000)]);
    await refused(read([file('a', page), { file: late, name: 'late.txt' }]), 'corpus-not-text', /^late\.txt is binary/);
  });

  test('a file that is another one the second time is an error', async () => {
    const other: StreamedFile = new StreamedFile(
      () => new TextEncoder().encode(other.reads === 1 ? page : page.replaceAll('sea', 'SEA')),
      1,
      page.length,
    );
    await refused(read([{ file: other, name: 'sea.txt' }]), 'disk', /^sea\.txt could not be read: .*another text/);
  });

  test('other encodings are refused, a stray control character is not', async () => {
    const cyrillic = Uint8Array.from({ length: 3000 }, (_, i) => (i % 6 === 5 ? 0x20 : 0xe0 + (i % 32)));
    await refused(read([file('a', cyrillic)]), 'corpus-not-text', /another encoding/);
    const { corpus } = await read([file('a', `the sea\0 was calm. ${page}`)]);
    assert.equal(corpus.replaced, 0);
    const latin = Uint8Array.from({ length: 1000 }, (_, i) => (i % 20 === 0 ? 0xe9 : 0x61 + (i % 26)));
    assert.equal((await read([file('a', latin)])).corpus.replaced, 50);
  });

  test('ten thousand small files with odd names', async () => {
    const files = Array.from({ length: 10_000 }, (_, i) => file(`folder/ä “${i}” <b>%00\n.txt`, `Number ${i}.\n`));
    const progress = new Progress();
    const { corpus, report } = await read(files, { onProgress: progress.onProgress });
    assert.equal(report.documents, 10_000);
    assert.equal(corpus.documents.length, 10_000);
    const bytes = files.reduce((sum, { file: { size } }) => sum + size, 0);
    assert.equal(corpus.tokens.length, bytes);
    assert.deepEqual(progress.end('encoding'), { phase: 'encoding', loadedBytes: bytes, totalBytes: bytes });
  });
});

describe('tokenizers', () => {
  const text = Array.from({ length: 30_000 }, (_, i) => `Number ${i} wasn’t ${verse}\n`).join('');

  for (const kind of ['characters', 'bytes', 'bpe', 'words'] as const) {
    test(`${kind}: block by block, the tokens of the whole text`, async () => {
      const { corpus, report } = await read([file('a', text)], { tokenizer: { learn: kind } });
      const tokenizer = createTokenizer(textModule, corpus.spec);
      assert.deepEqual(Int32Array.from(await allOf(corpus.tokens)), tokenizer.encode(text));
      assert.equal(corpus.characters, [...text].length);
      assert.equal(report.sampledBytes, null);
    });
  }

  test('words are learned from 16 MiB that are spread over a larger text', async () => {
    const part = new TextEncoder().encode(verse.repeat(16_384));
    const special = (index: number) =>
      new TextEncoder().encode(`${'chapter'.concat(String.fromCharCode(97 + index))} `.repeat(3));
    const chunk = (i: number) => (i % 2 === 0 ? part : special((i - 1) / 2));
    const size = Array.from({ length: 80 }, (_, i) => chunk(i).length).reduce((a, b) => a + b);
    const large = { file: new StreamedFile(chunk, 80, size), name: 'large.txt' };
    const { corpus, report } = await read([large], { tokenizer: { learn: 'words' } });
    const sampled = report.sampledBytes ?? 0;
    assert.ok(sampled > 12 * 2 ** 20 && sampled <= 16 * 2 ** 20, `${sampled} bytes`);
    assert.ok(corpus.spec.kind === 'words');
    const chapters = corpus.spec.words.split(' ').filter((word) => word.startsWith('chapter'));
    assert.ok(chapters.length > 10 && chapters.length < 40);
    assert.ok(
      chapters.some((word) => word > 'chapterw'),
      'the end was seen too',
    );
  });
});

describe('repeats', () => {
  const files = [file('a', page), file('b', 'other\n'), file('c', page)];

  test('are kept unless they are to be dropped', async () => {
    assert.equal((await read(files)).report.repeats, 0);
    const { report, corpus } = await read(files, { deduplicate: 'documents' });
    assert.deepEqual([report.documents, report.repeats], [2, 1]);
    assert.equal(corpus.tokens.length, page.length + 6);
  });

  test('of paragraphs, in all files together; one that is left out does not count', async () => {
    const paragraphs = 'The lamp must be fed.\n\nThe clock must be wound.\n\nThe lamp must be fed.\n\n';
    const binary = Uint8Array.from([...new TextEncoder().encode('Sea\n\n'), ...noise(3000)]);
    const some = [file('x', binary), file('a', paragraphs), file('b', `Sea\n\n${paragraphs}${page}`)];
    const request = { deduplicate: 'paragraphs' } as const;
    assert.equal(await textOf(some, request), `The lamp must be fed.\n\nThe clock must be wound.\n\nSea\n\n${page}`);
    assert.equal((await read(some, request)).report.repeats, 4);
  });
});

describe('tokens on the disk', () => {
  test('are those that are in memory, and the same corpus is not encoded twice', async () => {
    const folder = new TestFolder();
    const files = [file('a', page), file('b', page.repeat(99))];
    const first = await read(files, { tokenizer: { learn: 'characters' } }, kept(folder));
    assert.equal(first.report.tokensOn, 'disk');
    assert.equal(first.corpus.tokens.bytes, 0);
    const inMemory = await read(files, { tokenizer: { learn: 'characters' } });
    assert.equal(inMemory.report.tokensOn, 'memory');
    assert.equal(inMemory.corpus.id, first.corpus.id);
    assert.deepEqual(await allOf(first.corpus.tokens), await allOf(inMemory.corpus.tokens));
    await first.corpus.tokens.close();

    const progress = new Progress();
    const again = await read(files, { tokenizer: first.corpus.spec, onProgress: progress.onProgress }, kept(folder));
    assert.equal(progress.end('encoding'), undefined);
    assert.deepEqual(await allOf(again.corpus.tokens), await allOf(first.corpus.tokens));
    const other = await read(files, {}, kept(folder));
    assert.notEqual(other.corpus.id, first.corpus.id, 'another tokenizer makes another corpus');
    const found = await new Shelf(folder).find(new TextMemory(textModule), first.corpus.id);
    assert.deepEqual(found?.documents, first.corpus.documents);
    assert.equal(await new Shelf(folder).find(new TextMemory(textModule), '0123456789abcdef'), null);
  });

  test('of a small text are in memory, and can be put there to be found again', async () => {
    const folder = new TestFolder();
    const { corpus } = await read([file('a', page)], {}, kept(folder, { small: 2 ** 20, memory: 2 ** 20 }));
    assert.equal(corpus.tokens.place, 'memory');
    const shelf = new Shelf(folder);
    assert.equal(await shelf.find(new TextMemory(textModule), corpus.id), null);
    await shelf.keep(corpus);
    const found = await shelf.find(new TextMemory(textModule), corpus.id);
    assert.ok(found);
    assert.deepEqual(await allOf(found.tokens), await allOf(corpus.tokens));
    assert.deepEqual(found.spec, corpus.spec);
  });

  test('that were flipped, cut or lost are not taken for whole', async () => {
    const spoilings: readonly ((bytes: StoredFile) => Promise<void>)[] = [
      (stored) => stored.write(Uint8Array.of(0x5a), 1001),
      (stored) => stored.truncate(stored.size - 1),
      (stored) => stored.truncate(0),
    ];
    for (const spoil of spoilings) {
      for (const ending of ['tokens', 'json']) {
        const folder = new TestFolder();
        const { corpus } = await read([file('a', page)], {}, kept(folder));
        const ids = await allOf(corpus.tokens);
        await corpus.tokens.close();
        await spoil(await folder.open(`${corpus.id}.${ending}`));
        const again = await read([file('a', page)], {}, kept(folder));
        assert.deepEqual(await allOf(again.corpus.tokens), ids);
        await again.corpus.tokens.close();
      }
    }
  });

  test('that find no room go back into memory, wherever it ends, and it says so', async () => {
    const ids = await allOf((await read([file('a', page)])).corpus.tokens);
    for (const room of [0, 2047, 2048]) {
      const folder = new TestFolder();
      folder.room = room;
      const { corpus, report } = await read([file('a', page)], {}, kept(folder, { small: 0, memory: 2 ** 20 }));
      assert.equal(report.tokensOn, 'memory');
      assert.match(report.warning, /no room/);
      assert.deepEqual(await allOf(corpus.tokens), ids);
      assert.deepEqual(await folder.list(), []);
    }
    const large = new Blob(new Array<string>(2000).fill(page));
    for (const room of [0, 3_000_000, 5_000_000]) {
      const folder = new TestFolder();
      folder.room = room;
      const work = read([{ file: large, name: 'a' }], {}, kept(folder, { small: 1024, memory: 4 * 2 ** 20 }));
      await refused(work, 'storage-full', /no room/);
      assert.deepEqual(await folder.list(), []);
    }
    await refused(
      read([{ file: large, name: 'a' }], {}, { folder: async () => null, limits: { small: 0, memory: 2 ** 20 } }),
      'corpus-too-large',
      /more than 1 MiB of tokens.*Choose a part/s,
    );
  });

  test('older ones give way: when there are too many, and when there is no room', async () => {
    const folder = new TestFolder();
    for (let i = 0; i < 12; i++) {
      const { corpus } = await read([file('a', `${i}${page}`)], {}, kept(folder));
      await corpus.tokens.close();
    }
    const entries = await new Shelf(folder).list();
    assert.ok(entries.length <= 9, `${entries.length} are kept`);
    folder.room = -20_000;
    const { report, corpus } = await read([file('b', `new ${page}`)], {}, kept(folder));
    assert.deepEqual([report.tokensOn, report.warning], ['disk', '']);
    assert.deepEqual(
      (await new Shelf(folder).list()).map(({ id }) => id),
      [corpus.id],
    );
  });

  test('of a reading that was stopped or failed are removed', async () => {
    const folder = new TestFolder();
    const large: CorpusFile = { file: new Blob(new Array<string>(3000).fill(page)), name: 'large.txt' };
    let events = 0;
    const stopped = read(
      [large],
      { stopped: () => events > 0, onProgress: ({ phase }) => (events += Number(phase === 'encoding')) },
      kept(folder),
    );
    await refused(stopped, 'aborted', /Nothing has changed/);
    assert.deepEqual(await folder.list(), []);
  });
});

test('reading can be stopped at once, and says how far it is', async () => {
  await refused(read([file('a', page)], { stopped: () => true }), 'aborted');
  const progress = new Progress();
  const packed = await gzip(page.repeat(30));
  await read([file('a.gz', packed)], { onProgress: progress.onProgress });
  for (const phase of ['surveying', 'encoding'] as const) {
    assert.deepEqual(progress.end(phase), { phase, loadedBytes: packed.length, totalBytes: packed.length });
  }
});
