/** Mini-batches of examples in a new random order every epoch. The same seed draws the same batches. */
import { Random } from '../../core/random.js';
import { streams } from '../streams.js';
import { imageSide, imageSize, type Digits } from './mnist.js';

export class Batches {
  readonly images: Float32Array; // [B, 784]
  readonly labels: Int32Array; // [B]
  readonly #order: Uint32Array;
  #at: number;
  readonly #shifts: Random;
  #epoch = 0;

  constructor(
    readonly digits: Digits,
    readonly size: number, // B
    readonly seed: number,
    /** Pixels by which digits are moved, at most, up or down and to the left or right. */
    readonly shift = 0,
  ) {
    this.#shifts = new Random(seed, streams.shifts);
    this.images = new Float32Array(size * imageSize);
    this.labels = new Int32Array(size);
    this.#order = Uint32Array.from({ length: digits.count }, (_, index) => index);
    this.#at = digits.count;
  }

  /** Puts the next batch in place; what is left over at the end of an epoch is left out. */
  next(): void {
    const { digits, size } = this;
    if (this.#at + size > digits.count) this.#shuffle();
    for (let row = 0; row < size; row++) {
      const index = this.#order[this.#at + row] ?? 0;
      this.#place(digits.images.subarray(index * imageSize, (index + 1) * imageSize), row);
      this.labels[row] = digits.labels[index] ?? 0;
    }
    this.#at += size;
  }

  #place(image: Float32Array, row: number): void {
    const at = row * imageSize;
    if (this.shift === 0) this.images.set(image, at);
    else moveImage(image, this.#drawShift(), this.#drawShift(), this.images.subarray(at, at + imageSize));
  }

  #drawShift(): number {
    return Math.floor(this.#shifts.next() * (2 * this.shift + 1)) - this.shift;
  }

  /** Fisher and Yates. */
  #shuffle(): void {
    const random = new Random(this.seed, streams.order, this.#epoch++);
    const order = this.#order;
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(random.next() * (last + 1));
      [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
    }
    this.#at = 0;
  }
}

/** Moves an image; what comes in at the edges is black. */
function moveImage(image: Float32Array, right: number, down: number, into: Float32Array): void {
  into.fill(0);
  const [first, end] = [Math.max(0, -right), imageSide - Math.max(0, right)];
  for (let y = Math.max(0, down); y < imageSide + Math.min(0, down); y++) {
    const from = (y - down) * imageSide;
    into.set(image.subarray(from + first, from + end), y * imageSide + first + right);
  }
}
