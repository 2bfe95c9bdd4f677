/** Digits that are made up: a bright block whose place says which digit it is. */
import { gzipSync } from 'node:zlib';
import { Random } from '../../core/random.js';
import { imageSide, imageSize, mnistFiles, readMnist, type Mnist } from '../../lab/data/mnist.js';

/** An idx file of unsigned bytes. */
export function idxFile(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, 8);
  header.setUint8(3, shape.length);
  shape.forEach((size, at) => header.setUint32(4 + 4 * at, size));
  const bytes = new Uint8Array(header.byteLength + values.length);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(values, header.byteLength);
  return bytes;
}

function block(label: number, random: Random): Uint8Array {
  const image = new Uint8Array(imageSize);
  const [left, top] = [(label % 5) * 5, Math.floor(label / 5) * 12];
  for (let y = top; y < top + 6; y++) {
    for (let x = left; x < left + 6; x++) image[y * imageSide + x] = 100 + Math.floor(155 * random.next());
  }
  return image;
}

/** The four files: `count` digits to learn, a quarter of them to test on. */
export function digitFiles(count: number): Map<string, Uint8Array> {
  const random = new Random(1, 2);
  const pair = (number: number) => {
    const labels = Array.from({ length: number }, (_, at) => (at * 7) % 10);
    const images = Buffer.concat(labels.map((label) => block(label, random)));
    return [idxFile([number, imageSide, imageSide], images), idxFile([number], labels)];
  };
  const files = [...pair(count), ...pair(Math.ceil(count / 4))];
  return new Map(mnistFiles.map((name, at) => [name, gzipSync(files[at] ?? new Uint8Array())]));
}

export function someMnist(count = 400): Promise<Mnist> {
  return readMnist(digitFiles(count));
}
