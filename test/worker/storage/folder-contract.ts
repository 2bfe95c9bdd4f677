/** What every folder must keep, as checks that run wherever the folder does. */
import type { Folder, StoredFile } from '../../../worker/storage/folder.js';

export interface Check {
  readonly title: string;
  /** Throws when it does not hold. `folder` is empty at the beginning. */
  readonly run: (folder: Folder) => Promise<void>;
}

const mebibyte = 1 << 20;

function same(got: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

/** Bytes that differ from their neighbours and from those of another seed. */
export function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8) * 17 + seed * 101) & 255);
}

function sameBytes(got: Uint8Array, expected: Uint8Array, what: string): void {
  same(got.length, expected.length, `${what}, length`);
  const at = got.findIndex((byte, i) => byte !== expected[i]);
  if (at >= 0) throw new Error(`${what}: byte ${at} is ${got[at]} instead of ${expected[at]}`);
}

async function withFile(folder: Folder, name: string, work: (file: StoredFile) => Promise<void>): Promise<void> {
  const file = await folder.open(name);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

/** All of a file, or null. */
export async function contentOf(folder: Folder, name: string): Promise<Uint8Array | null> {
  const file = await folder.read(name);
  if (!file) return null;
  try {
    const into = new Uint8Array(file.size);
    same(await file.read(into, 0), file.size, `bytes read of ${name}`);
    return into;
  } finally {
    await file.close();
  }
}

export async function put(folder: Folder, name: string, bytes: Uint8Array): Promise<void> {
  await withFile(folder, name, async (file) => {
    await file.write(bytes, 0);
    await file.truncate(bytes.length);
    await file.flush();
  });
}

async function codeOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return 'nothing thrown';
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? thrown.code : String(thrown);
  }
}

export const folderChecks: readonly Check[] = [
  {
    title: 'what is not there is null, and removing it does nothing',
    run: async (folder) => {
      same(await folder.read('none'), null, 'reading');
      await folder.remove('none');
      same(await folder.list(), [], 'list');
    },
  },
  {
    title: 'what was written is there for whoever opens it next, in part or whole',
    run: async (folder) => {
      const bytes = pattern(2 * mebibyte + 77);
      await put(folder, 'whole', bytes);
      sameBytes((await contentOf(folder, 'whole')) ?? new Uint8Array(0), bytes, 'whole');
      await withFile(folder, 'whole', async (file) => {
        same(file.size, bytes.length, 'size');
        const part = new Uint8Array(1000);
        same(await file.read(part, mebibyte - 500), 1000, 'bytes across a boundary');
        sameBytes(part, bytes.subarray(mebibyte - 500, mebibyte + 500), 'part');
        same(await file.read(part, bytes.length - 10), 10, 'bytes at the end');
        sameBytes(part.subarray(0, 10), bytes.subarray(-10), 'end');
        same(await file.read(part, bytes.length + 10), 0, 'bytes beyond the end');
      });
    },
  },
  {
    title: 'a file is written in place, across boundaries, and grows with zeros',
    run: async (folder) => {
      const expected = new Uint8Array(3 * mebibyte + 5);
      await withFile(folder, 'patched', async (file) => {
        const patch = async (at: number, bytes: Uint8Array) => {
          await file.write(bytes, at);
          expected.set(bytes, at);
        };
        await patch(10, pattern(100, 1));
        await patch(2 * mebibyte - 3, pattern(7, 2));
        await patch(mebibyte, pattern(mebibyte, 3));
        await patch(3 * mebibyte, pattern(5, 4));
        await patch(50, pattern(20, 5));
        same(file.size, expected.length, 'size');
        await file.flush();
      });
      sameBytes((await contentOf(folder, 'patched')) ?? new Uint8Array(0), expected, 'patched');
    },
  },
  {
    title: 'truncating drops the end for good, and may add zeros',
    run: async (folder) => {
      const bytes = pattern(2 * mebibyte);
      await put(folder, 'cut', bytes);
      await withFile(folder, 'cut', async (file) => {
        await file.truncate(mebibyte + 3);
        await file.truncate(mebibyte + 13);
        same(file.size, mebibyte + 13, 'size');
      });
      const expected = new Uint8Array(mebibyte + 13);
      expected.set(bytes.subarray(0, mebibyte + 3));
      sameBytes((await contentOf(folder, 'cut')) ?? new Uint8Array(0), expected, 'cut');
      await withFile(folder, 'cut', (file) => file.truncate(0));
      sameBytes((await contentOf(folder, 'cut')) ?? pattern(1), new Uint8Array(0), 'empty');
    },
  },
  {
    title: 'shared memory is written as any other',
    run: async (folder) => {
      if (typeof SharedArrayBuffer === 'undefined') throw new Error('This page is to be cross-origin isolated.');
      const shared = new Uint8Array(new SharedArrayBuffer(5000));
      shared.set(pattern(5000));
      await put(folder, 'shared', shared);
      sameBytes((await contentOf(folder, 'shared')) ?? new Uint8Array(0), pattern(5000), 'shared');
    },
  },
  {
    title: 'the list has names and sizes, in order, and loses what is removed',
    run: async (folder) => {
      await put(folder, 'b.0', pattern(7));
      await put(folder, 'a%20b.1', pattern(mebibyte + 1));
      await put(folder, 'c', pattern(0));
      const listed = [
        { name: 'a%20b.1', bytes: mebibyte + 1 },
        { name: 'b.0', bytes: 7 },
        { name: 'c', bytes: 0 },
      ];
      same(await folder.list(), listed, 'list');
      await folder.remove('b.0');
      same(
        (await folder.list()).map(({ name }) => name),
        ['a%20b.1', 'c'],
        'list after removing',
      );
      same(await folder.read('b.0'), null, 'removed');
      await put(folder, 'b.0', pattern(3, 9));
      sameBytes((await contentOf(folder, 'b.0')) ?? new Uint8Array(0), pattern(3, 9), 'made anew');
    },
  },
  {
    title: 'a file can be read while another one is written',
    run: async (folder) => {
      await put(folder, 'old', pattern(100, 1));
      await withFile(folder, 'new', async (file) => {
        await file.write(pattern(100, 2), 0);
        sameBytes((await contentOf(folder, 'old')) ?? new Uint8Array(0), pattern(100, 1), 'old');
      });
    },
  },
  {
    title: 'a closed file may be closed again',
    run: async (folder) => {
      const file = await folder.open('closed');
      await file.close();
      await file.close();
    },
  },
  {
    title: 'no name leads out of the folder',
    run: async (folder) => {
      for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'x'.repeat(300), 'a:b']) {
        same(await codeOf(() => folder.open(name)), 'internal', `open ${name}`);
        same(await codeOf(() => folder.read(name)), 'internal', `read ${name}`);
        same(await codeOf(() => folder.remove(name)), 'internal', `remove ${name}`);
      }
      same(await folder.list(), [], 'list');
    },
  },
];

/** Removes all files. */
export async function empty(folder: Folder): Promise<void> {
  for (const { name } of await folder.list()) await folder.remove(name);
}
