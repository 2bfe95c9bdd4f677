import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DiskFolder } from '../../../cli/disk-folder.js';
import { asFileName, checkFileName, type Folder } from '../../../worker/storage/folder.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { storageError } from '../../../worker/storage/storage-error.js';
import { folderChecks } from './folder-contract.js';

async function onDisk(work: (path: string) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  try {
    await work(path);
  } finally {
    await rm(path, { recursive: true });
  }
}

const kinds: Readonly<Record<string, (work: (folder: Folder) => Promise<void>) => Promise<void>>> = {
  memory: (work) => work(new MemoryFolder()),
  disk: (work) => onDisk(async (path) => work(await DiskFolder.create(join(path, 'made', 'anew')))),
};

for (const [kind, make] of Object.entries(kinds)) {
  for (const { title, run } of folderChecks) test(`${kind}: ${title}`, () => make(run));
}

test('what is on disk is there for the next process', () =>
  onDisk(async (path) => {
    const file = await (await DiskFolder.create(path)).open('kept');
    await file.write(Uint8Array.of(1, 2, 3), 0);
    await file.close();
    assert.deepEqual(await (await DiskFolder.create(path)).list(), [{ name: 'kept', bytes: 3 }]);
  }));

test('a folder that cannot be made is a disk error that says which', async () => {
  await assert.rejects(DiskFolder.create('/dev/null/x'), { code: 'disk', message: /\/dev\/null\/x/ });
});

test('a full disk has a code of its own, and says what to do', () => {
  for (const name of ['ENOSPC', 'EDQUOT']) {
    const error = storageError(Object.assign(new Error('no'), { code: name }), 'Writing x');
    assert.equal(error.code, 'storage-full');
    assert.match(error.message, /^Writing x could not be done.*Delete/);
  }
  assert.equal(storageError(new DOMException('', 'QuotaExceededError'), 'Writing x').code, 'storage-full');
  assert.equal(storageError(new DOMException('', 'NoModificationAllowedError'), 'Opening x').code, 'in-use');
  assert.equal(storageError(new DOMException('', 'NotFoundError'), 'Opening x').code, 'disk');
});

test('any text has a file name of its own, and comes back from it', () => {
  const texts = ['notes', 'The keeper’s notes', '../x', 'a.0', 'a%2E0', 'CON', '*?<>|"', '日本', '\ud800'];
  const names = texts.map(asFileName);
  assert.equal(new Set(names).size, texts.length);
  for (const [i, name] of names.entries()) {
    assert.equal(checkFileName(name), name);
    assert.doesNotMatch(name, /\./);
    assert.equal(decodeURIComponent(name), texts[i]?.replace('\ud800', '\ufffd'));
  }
});
