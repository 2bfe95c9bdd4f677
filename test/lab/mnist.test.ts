import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AdaptiveError } from '../../core/errors.js';
import { Batches } from '../../lab/data/batches.js';
import { readIdx } from '../../lab/data/idx.js';
import { imageSize, mnistFiles, readDigits, readMnist } from '../../lab/data/mnist.js';
import { readData } from '../data.js';
import { digitFiles, idxFile, someMnist } from './digits.js';

function refuses(work: Promise<unknown>, message: RegExp) {
  return assert.rejects(work, (error) => {
    assert.ok(error instanceof AdaptiveError);
    assert.equal(error.code, 'invalid-option');
    assert.match(error.message, message);
    return true;
  });
}

const file = idxFile([2, 3], [1, 2, 3, 4, 5, 6]);

test('an idx file, plain and packed', async () => {
  for (const bytes of [file, gzipSync(file)]) {
    const { shape, values } = await readIdx('f', bytes);
    assert.deepEqual([...shape], [2, 3]);
    assert.deepEqual([...values], [1, 2, 3, 4, 5, 6]);
  }
});

test('idx files that are none, cut short or too long say so', async () => {
  await refuses(
    readIdx('f', Buffer.from('<!doctype html>')),
    /^f: it is not an idx file of bytes \(it begins with 3c21646f/,
  );
  await refuses(readIdx('f', idxFile([2, 3], [1, 2])), /cut short: expected 18 bytes, got 14/);
  await refuses(readIdx('f', new Uint8Array(3)), /cut short/);
  await refuses(readIdx('f', file.subarray(0, 7)), /cut short: expected 12 bytes/);
  await refuses(readIdx('f', idxFile([2, 1], [1, 2, 3])), /1 bytes follow after the 2 × 1/);
  await refuses(readIdx('f', gzipSync(file).subarray(0, 15)), /cannot be unpacked .* damaged or cut short/);
});

const image = new Uint8Array(2 * imageSize);
const images = { name: 'images', file: idxFile([2, 28, 28], image) };
const labels = { name: 'labels', file: idxFile([2], [3, 9]) };

test('images and labels', async () => {
  image[imageSize] = 255;
  const bright = { name: 'images', file: idxFile([2, 28, 28], image) };
  const digits = await readDigits(bright, labels);
  assert.equal(digits.count, 2);
  assert.equal(digits.images[imageSize], 1);
  assert.deepEqual([...digits.labels], [3, 9]);
});

test('files that do not belong together say so', async () => {
  await refuses(readDigits(labels, images), /^labels: it has labels and images has images: they are swapped/);
  await refuses(
    readDigits(images, { name: 'l', file: idxFile([3], [1, 2, 3]) }),
    /it has 3 labels for 2 images of images/,
  );
  await refuses(readDigits(images, { name: 'l', file: idxFile([2], [1, 10]) }), /label 1 is 10, expected 0 to 9/);
  await refuses(readDigits(images, images), /expected labels, one byte for each image/);
  await refuses(
    readDigits({ name: 'i', file: idxFile([1, 2, 2], [0, 0, 0, 0]) }, labels),
    /count × 28 × 28 bytes, got 1 × 2 × 2/,
  );
  await refuses(readDigits({ name: 'i', file: idxFile([0, 28, 28], []) }, labels), /it has no image/);
});

test('the four files, by their names', async () => {
  const files = digitFiles(40);
  assert.equal((await readMnist(files)).training.count, 40);
  const plain = new Map([...files].map(([name, bytes]) => [name.replace('.gz', ''), gunzipSync(bytes)]));
  assert.equal((await readMnist(plain)).test.count, 10);
  files.delete(mnistFiles[3]);
  await refuses(readMnist(files), /four files, and t10k-labels-idx1-ubyte.gz is not among them/);
});

test('MNIST as published', async () => {
  const files = await Promise.all(mnistFiles.map(async (name) => [name, await readData(`mnist/${name}`)] as const));
  const { training, test: held } = await readMnist(new Map(files));
  assert.deepEqual([training.count, held.count], [60_000, 10_000]);
  assert.deepEqual([...training.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
});

test('an epoch of batches has every digit once, in an order that the seed gives', async () => {
  const { training } = await someMnist(40);
  const draw = (seed: number) => {
    const batches = new Batches(training, 10, seed);
    return Array.from({ length: 4 }, () => {
      batches.next();
      return [...batches.labels];
    });
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const sorted = (numbers: readonly number[]) => [...numbers].sort();
  assert.deepEqual(sorted(draw(1).flat()), sorted([...training.labels]));
});

test('a digit that is moved keeps its pixels where there is room', async () => {
  const { training } = await someMnist(40);
  const batches = new Batches(training, 40, 1, 2);
  batches.next();
  const lit = (values: Float32Array) => values.filter((value) => value > 0).length;
  assert.ok(lit(batches.images) > 0.6 * lit(training.images) && lit(batches.images) <= lit(training.images));
});
