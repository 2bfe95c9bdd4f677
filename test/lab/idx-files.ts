/** A tiny MNIST: 6 digits to learn from and 4 to test on, in the format of the real one. */

function idx(shape: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, 0x0800 + shape.length);
  shape.forEach((size, at) => view.setUint32(4 + 4 * at, size));
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}

/** Each label has a bar of its own. */
export function idxFiles(training = 6, tested = 4): File[] {
  return [
    { part: 'train', count: training },
    { part: 't10k', count: tested },
  ].flatMap(({ part, count }) => {
    const labels = Uint8Array.from({ length: count }, (_, at) => at % 10);
    const images = new Uint8Array(count * 784);
    labels.forEach((label, at) => images.fill(255, at * 784 + label * 56, at * 784 + label * 56 + 56));
    return [
      new File([idx([count, 28, 28], images)], `${part}-images-idx3-ubyte`),
      new File([idx([count], labels)], `${part}-labels-idx1-ubyte`),
    ];
  });
}
