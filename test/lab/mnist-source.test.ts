/** MNIST as a reader may give it: wrong, cut short, swapped, under other names. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AdaptiveError } from '../../core/errors.js';
import { mnistFileOf, openMnist } from '../../lab/mnist-source.js';
import { idxFiles } from './idx-files.js';

async function read(files: readonly File[]) {
  return openMnist({ kind: 'files', files }, new AbortController().signal);
}

async function refusal(files: readonly File[]): Promise<string> {
  const error = await read(files).then(
    () => assert.fail('It was expected to be refused.'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AdaptiveError, String(error));
  return error.message;
}

function renamed(file: File, name: string): File {
  return new File([file], name);
}

describe('MNIST from files of the reader’s', () => {
  test('reads them packed and unpacked, and under the names that browsers and archives give', async () => {
    const files = idxFiles();
    const names = ['train-images.idx3-ubyte', 'train-labels-idx1-ubyte (1)', 't10k-images-idx3-ubyte', 'test-labels'];
    const packed = await Promise.all(
      files.map(async (file) => new File([gzipSync(new Uint8Array(await file.arrayBuffer()))], `${file.name}.gz`)),
    );
    for (const given of [files, packed, files.map((file, at) => renamed(file, names[at] ?? ''))]) {
      const { training, test: tested } = await read(given);
      assert.deepEqual([training.count, tested.count], [6, 4]);
      assert.deepEqual([...tested.labels], [0, 1, 2, 3]);
    }
  });

  test('knows which of the four a file is', () => {
    assert.equal(mnistFileOf('Train-Images.idx3-ubyte.gz'), 'train-images-idx3-ubyte.gz');
    assert.equal(mnistFileOf('t10k-labels'), 't10k-labels-idx1-ubyte.gz');
    assert.equal(mnistFileOf('holiday.jpg'), null);
  });

  test('says which file is missing, which is none of them, which is cut short, and which are swapped', async () => {
    const [images, labels, ...rest] = idxFiles();
    assert.ok(images && labels);
    assert.match(await refusal([images, ...rest]), /train-labels-idx1-ubyte.* is not among them/);
    assert.match(await refusal([images, labels, ...rest, new File([''], 'a.txt')]), /a\.txt is none of/);
    const short = new File([images.slice(0, 100)], images.name);
    assert.match(await refusal([short, labels, ...rest]), /cut short: expected 4,720 bytes, got 100/);
    const swapped = [renamed(labels, images.name), renamed(images, labels.name), ...rest];
    assert.match(await refusal(swapped), /swapped/);
    assert.match(await refusal([new File(['GIF89a…'], images.name), labels, ...rest]), /not an idx file/);
    assert.match(await refusal([renamed(rest[0] ?? images, images.name), labels, ...rest]), /6 labels for 4 images/);
  });
});
