import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { nextDocument } from '../../../worker/corpus/documents.js';
import { gzipSlices } from '../../../worker/corpus/gzip-slices.js';
import { textSources } from '../../../worker/corpus/sources.js';
import { textBytes } from '../../../worker/corpus/text-bytes.js';
import type { CorpusFile } from '../../../core/corpus.js';
import { file, gzip, refused, StreamedFile, verse } from './reading.js';

async function textOf(file: CorpusFile): Promise<string> {
  const [text = '', ...others] = await documentsOf(file);
  assert.deepEqual(others, []);
  return text;
}

async function documentsOf({ file: blob, name }: CorpusFile, documentSeparator?: string): Promise<string[]> {
  const [source] = textSources({ kind: 'files', files: [{ file: blob, name }], documentSeparator });
  assert.ok(source);
  const documents: Uint8Array[][] = [[]];
  for await (const piece of textBytes(source, { onBytes: () => {}, onHead: () => {} })) {
    if (piece === nextDocument) documents.push([]);
    else documents.at(-1)?.push(piece);
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return documents.map((pieces) => decoder.decode(Buffer.concat(pieces)));
}

function utf16(text: string, littleEndian = true): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

/** A file that comes in chunks of `size` bytes. */
function chunked(name: string, bytes: Uint8Array<ArrayBuffer>, size: number): CorpusFile {
  const chunks = Math.ceil(bytes.length / size);
  return { name, file: new StreamedFile((i) => bytes.slice(i * size, (i + 1) * size), chunks, bytes.length) };
}

const text = verse.repeat(300);

describe('a file is told by its first bytes', () => {
  test('a byte order mark goes, a second one stays', async () => {
    assert.equal(await textOf(file('a.txt', '\ufeff\ufeffa')), '\ufeffa');
    for (const size of [1, 2, 3, 7]) {
      const bytes = new TextEncoder().encode('\ufeffsea');
      assert.equal(await textOf(chunked('a.txt', bytes, size)), 'sea', `in chunks of ${size}`);
    }
  });

  test('UTF-16 is turned into UTF-8 where its mark says so', async () => {
    const sea = `\ufeff${'die See 🌊 war ruhig\n'.repeat(99)}`;
    for (const littleEndian of [true, false]) {
      for (const size of [1, 3, 1000]) {
        assert.equal(await textOf(chunked('a.txt', utf16(sea, littleEndian), size)), sea.slice(1));
      }
    }
  });

  test('gzip is unpacked, whatever its name', async () => {
    for (const name of ['a.txt.gz', 'a']) assert.equal(await textOf(file(name, await gzip(text))), text);
    const packed = await gzip(utf16(`\ufeff${text}`));
    assert.equal(await textOf(chunked('a.gz', packed, 5)), text);
  });

  test('gzip of several members is one text', async () => {
    const packed = Buffer.concat(await Promise.all([text, 'the end\n', '', text].map(gzip)));
    assert.equal(await textOf(file('a.gz', packed)), `${text}the end\n${text}`);
    assert.equal(await textOf(chunked('a.gz', new Uint8Array(packed), 7)), `${text}the end\n${text}`);
  });

  test('slices of what is packed begin wherever a member might, in any pieces', async () => {
    const byte = fc.constantFrom(0x1f, 0x8b, 0x08, 0);
    await fc.assert(
      fc.asyncProperty(
        fc
          .uint8Array({ maxLength: 40 })
          .chain((some) => fc.tuple(fc.array(byte, { maxLength: 40 }), fc.constant([...some]))),
        fc.integer({ min: 1, max: 9 }),
        async ([bytes, more], size) => {
          const packed = Uint8Array.from([...bytes, ...more]);
          async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
            for (let at = 0; at < packed.length; at += size) yield packed.slice(at, at + size);
          }
          let at = 0;
          const [begun, expected]: [number[], number[]] = [[], []];
          for await (const { bytes: slice, endedSize } of gzipSlices(pieces())) {
            assert.deepEqual(slice, packed.slice(at, at + slice.length));
            if (endedSize !== null) {
              begun.push(at);
              assert.equal(endedSize, Buffer.from(packed).readUInt32LE(at - 4));
            }
            at += slice.length;
          }
          assert.equal(at, packed.length);
          for (let i = 4; i + 2 < packed.length; i++) {
            if (packed[i] === 0x1f && packed[i + 1] === 0x8b && packed[i + 2] === 0x08) expected.push(i);
          }
          assert.deepEqual(begun, expected);
        },
      ),
    );
  });

  test('a web page becomes its text, packed or not, in the encoding that it states', async () => {
    const page = '<meta charset="iso-8859-1"><p>Caf\u00e9 &amp; Sea';
    const latin = Uint8Array.from(page, (character) => character.charCodeAt(0));
    for (const each of [file('a.html', latin), file('b.htm.gz', await gzip(latin)), file('C.XHTML', latin)]) {
      assert.equal(await textOf(each), 'Café & Sea\n');
    }
    assert.equal(await textOf(file('a.md', '<b>sea</b>\n')), '<b>sea</b>\n', 'Markdown is text as it is');
  });
});

describe('what cannot be read is refused by name', () => {
  test('gzip that ends too early, is damaged, or goes on with something else', async () => {
    const packed = await gzip(text);
    const damaged = packed.slice();
    damaged.fill(0xaa, 30, 60);
    for (const bytes of [packed.slice(0, -9), packed.slice(0, 40), damaged]) {
      await refused(textOf(file('cut.gz', bytes)), 'corpus-not-text', /^cut\.gz could not be unpacked: it is damaged/);
    }
  });

  test('gzip that was made to fill a disk', async () => {
    const bomb = await gzip(new Uint8Array(100 * 2 ** 20).fill(0x61));
    assert.ok(bomb.length < 200_000);
    await refused(textOf(file('bomb.gz', bomb)), 'corpus-not-text', /more than 200 times as large/);
  });

  test('a file that goes away, grows or shrinks', async () => {
    class Gone extends Blob {
      override stream(): ReturnType<Blob['stream']> {
        throw new Error('it was moved');
      }
    }
    const moved = { file: new Gone(['the sea']), name: 'sea.txt' };
    await refused(textOf(moved), 'disk', /^sea\.txt could not be read: it was moved\. Choose it again/);
    for (const size of [10, 30]) {
      const changed = { name: 'sea.txt', file: new StreamedFile(() => new Uint8Array(5).fill(0x61), 4, size) };
      await refused(textOf(changed), 'disk', /changed meanwhile/);
    }
    class Broken extends Blob {
      override stream(): ReturnType<Blob['stream']> {
        return new ReadableStream({ pull: (controller) => controller.error(new Error('the disk is gone')) });
      }
    }
    await refused(textOf({ file: new Broken(['sea']), name: 'sea.gz' }), 'disk', /the disk is gone/);
  });

  test('an address outside of a page', async () => {
    const [source] = textSources({ kind: 'url', url: 'https://example.org/sea.txt' });
    assert.ok(source);
    await refused(
      textBytes(source, { onBytes: () => {}, onHead: () => {} }).next(),
      'invalid-option',
      /in a page only\. Give a file/,
    );
  });
});

test('weights are checked, and no files are none', () => {
  const weighted = (weight: number) => () => textSources({ kind: 'files', files: [{ ...file('a', 'b'), weight }] });
  for (const weight of [0, -1, NaN, 101]) assert.throws(weighted(weight), /Weight of a: expected a number from 0\.01/);
  assert.equal(weighted(2.5)()[0]?.weight, 2.5);
  assert.throws(() => textSources({ kind: 'files', files: [] }), /at least one/);
});
