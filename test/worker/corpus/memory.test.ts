/** What is held while a large text is read does not grow with it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DiskFolder } from '../../../cli/disk-folder.js';
import { Epochs } from '../../../worker/corpus/epochs.js';
import { RowStream } from '../../../worker/corpus/row-stream.js';
import { collect } from '../../collect.js';
import { kept, read, StreamedFile, verse } from './reading.js';

const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

/** Of WebAssembly, and of arrays outside of the heap. */
function held(): number {
  const { arrayBuffers } = process.memoryUsage();
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, arrayBuffers);
}

const mebibyte = 2 ** 20;

/** A mebibyte of lines, and of short documents. */
const lines = (i: number) => `${i} ${verse}`.repeat(20_000);
const documents = (i: number) => Array.from({ length: 1800 }, (_, n) => `${i} ${n} ${verse.repeat(10)}--\n`).join('');

const cases = [
  { name: '', deduplicate: undefined, documentSeparator: undefined, mebibytes: 48, part: lines },
  { name: ' without repeats', deduplicate: 'paragraphs', documentSeparator: undefined, mebibytes: 48, part: lines },
  { name: ' in short documents', deduplicate: 'documents', documentSeparator: '--', mebibytes: 8, part: documents },
] as const;

for (const { name, deduplicate, documentSeparator, mebibytes, part } of cases) {
  test(`${mebibytes} MiB of text${name} take less than 24 MiB of memory, and its tokens 4`, async () => {
    const folder = await DiskFolder.create(await mkdtemp(join(tmpdir(), 'corpus-')));
    try {
      const chunk = (i: number) =>
        new TextEncoder().encode(
          part(i)
            .slice(0, mebibyte - 2)
            .concat('\n\n'),
        );
      const file = { file: new StreamedFile(chunk, mebibytes, mebibytes * mebibyte), name: 'large.txt' };
      collect();
      const before = held();
      let most = 0;
      // What nobody holds any longer waits for its collection, as long as the collector likes.
      const watch = () => {
        if (held() - before > most) collect();
        most = Math.max(most, held() - before);
      };
      const request = { deduplicate, onProgress: watch, tokenizer: { learn: 'characters' } } as const;
      const { corpus, report } = await read(
        { kind: 'files', files: [file], documentSeparator },
        { ...request, stopped: () => (watch(), false) },
        kept(folder, { small: mebibyte, memory: 2 * mebibyte }),
      );
      assert.equal(report.tokensOn, 'disk');
      assert.equal(corpus.tokens.length, mebibytes * mebibyte - 3 * (report.documents - 1));
      assert.ok(most < 24 * mebibyte, `${(most / mebibyte).toFixed(1)} MiB`);
      const stream = new RowStream(
        corpus.tokens,
        new Epochs([{ start: 0, end: corpus.tokens.length, weight: 1 }]),
        32,
        64,
      );
      assert.ok(stream.bytes <= 4 * mebibyte);
      const ids = new Int32Array(32 * 64);
      for (let i = 0; i < 100; i++) await stream.next(ids, new Int32Array(ids.length), 64);
      await corpus.tokens.close();
    } finally {
      await rm(folder.path, { recursive: true });
    }
  });
}
