/** MNIST: handwritten digits (LeCun, Cortes & Burges), 60,000 to learn from and 10,000 to test on. */
import { AdaptiveError } from '../../core/errors.js';
import { readIdx, refusal } from './idx.js';

export const imageSide = 28;
export const imageSize = imageSide * imageSide;
export const classes = 10;

export interface Digits {
  readonly count: number; // N
  /** 0 … 1 */
  readonly images: Float32Array; // [N, 784]
  readonly labels: Int32Array; // [N]
}

export interface Mnist {
  readonly training: Digits;
  readonly test: Digits;
}

/** The files' names as published; unpacked ones lack the ending. */
export const mnistFiles = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;

/** The four files by their names, with or without `.gz`. @throws AdaptiveError that says which is wrong and how */
export async function readMnist(files: ReadonlyMap<string, Uint8Array>): Promise<Mnist> {
  const [trainingImages, trainingLabels, testImages, testLabels] = mnistFiles;
  const take = (name: string) => {
    const file = files.get(name) ?? files.get(name.replace(/\.gz$/, ''));
    if (file) return file;
    throw new AdaptiveError('invalid-option', `MNIST is four files, and ${name} is not among them.`, { name });
  };
  const digits = (images: string, labels: string) =>
    readDigits({ name: images, file: take(images) }, { name: labels, file: take(labels) });
  return {
    training: await digits(trainingImages, trainingLabels),
    test: await digits(testImages, testLabels),
  };
}

interface NamedFile {
  readonly name: string;
  readonly file: Uint8Array;
}

/** Images and their labels. @throws AdaptiveError 'invalid-option' when they are swapped or do not belong together */
export async function readDigits(imageFile: NamedFile, labelFile: NamedFile): Promise<Digits> {
  const images = await readIdx(imageFile.name, imageFile.file);
  const labels = await readIdx(labelFile.name, labelFile.file);
  if (images.shape.length === 1 && labels.shape.length === 3) {
    throw refusal(imageFile.name, `it has labels and ${labelFile.name} has images: they are swapped`);
  }
  const [count = 0, ...side] = images.shape;
  if (side.length !== 2 || side.some((length) => length !== imageSide)) {
    throw refusal(imageFile.name, `expected images, count × 28 × 28 bytes, got ${images.shape.join(' × ')}`);
  }
  if (count === 0) throw refusal(imageFile.name, 'it has no image');
  if (labels.shape.length !== 1) {
    throw refusal(labelFile.name, `expected labels, one byte for each image, got ${labels.shape.join(' × ')} bytes`);
  }
  if (labels.values.length !== count) {
    const [some, others] = [count, labels.values.length].map((number) => number.toLocaleString('en'));
    throw refusal(labelFile.name, `it has ${others ?? ''} labels for ${some ?? ''} images of ${imageFile.name}`);
  }
  const wrong = labels.values.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw refusal(labelFile.name, `label ${wrong} is ${labels.values[wrong] ?? ''}, expected 0 to 9`);
  }
  return {
    count,
    images: Float32Array.from(images.values, (value) => value / 255),
    labels: Int32Array.from(labels.values),
  };
}

/** Digits `first` up to, not including, `end`: views, no copies. */
export function someDigits({ images, labels }: Digits, first: number, end: number): Digits {
  return {
    count: end - first,
    images: images.subarray(first * imageSize, end * imageSize),
    labels: labels.subarray(first, end),
  };
}
