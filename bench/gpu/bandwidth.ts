/** Bytes a second from one buffer to another, by a copy command and by a kernel; read and written ones are counted both. */
import { figure, type Figure } from '../figure.js';
import type { Allowance } from './allowance.js';
import type { GpuClock } from './clock.js';
import { bind, dispatch, makePipeline, readBack } from './compute.js';

const mebibyte = 2 ** 20;
/** More than any cache. */
const mostBytes = 256 * mebibyte;
/** What a slow adapter, whose speed this one says, is measured with. */
const leastBytes = 32 * mebibyte;
const windowBytes = 4096;
const windows = 16;
const groups = 8192;
const budget = 0.5; // s

export async function measureBandwidth(clock: GpuClock, allowance: Allowance): Promise<Figure[]> {
  const { maxBufferSize, maxStorageBufferBindingSize } = clock.device.limits;
  const most = Math.min(mostBytes, maxBufferSize, maxStorageBufferBindingSize);
  const small = await Copies.make(clock, leastBytes);
  const seconds = await clock.seconds(small.byKernel);
  const bytes = Math.floor(most / mebibyte) * mebibyte;
  // A few samples by command, which is no slower, and as many by kernel, each once more to be checked.
  const fits = allowance.refusal((10 * seconds * bytes) / leastBytes) === null;
  const copies = fits ? await Copies.make(clock, bytes) : small;
  const figures = [
    await copies.measure('copy by command', copies.byCommand, allowance),
    await copies.measure('copy by kernel', copies.byKernel, allowance),
  ];
  for (const each of [small, copies]) each.destroy();
  return figures;
}

class Copies {
  private constructor(
    readonly clock: GpuClock,
    readonly from: GPUBuffer,
    readonly to: GPUBuffer,
    readonly pipeline: GPUComputePipeline,
    readonly group: GPUBindGroup,
  ) {}

  static async make(clock: GpuClock, size: number): Promise<Copies> {
    const { device } = clock;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const [from, to] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })];
    const fill = await makePipeline(device, 'copy.wgsl', 'fillStream');
    dispatch(device, fill, bind(device, fill, from), groups);
    const pipeline = await makePipeline(device, 'copy.wgsl', 'copyStream');
    return new Copies(clock, from, to, pipeline, bind(device, pipeline, to, from));
  }

  readonly byCommand = (): void => {
    this.#command((encoder) => encoder.copyBufferToBuffer(this.from, 0, this.to, 0, this.to.size));
  };

  readonly byKernel = (): void => {
    dispatch(this.clock.device, this.pipeline, this.group, groups);
  };

  async measure(name: string, copy: () => void, allowance: Allowance): Promise<Figure> {
    const { size } = this.to;
    this.#command((encoder) => encoder.clearBuffer(this.to));
    copy();
    await this.#check(name);
    const samples = await allowance.sample(() => this.clock.seconds(copy), budget);
    return figure(
      `${name}, ${size / mebibyte} MiB`,
      'B/s',
      samples.map((seconds) => (2 * size) / seconds),
    );
  }

  destroy(): void {
    this.from.destroy();
    this.to.destroy();
  }

  #command(write: (encoder: GPUCommandEncoder) => void): void {
    const encoder = this.clock.device.createCommandEncoder();
    write(encoder);
    this.clock.device.queue.submit([encoder.finish()]);
  }

  /** Some windows of what was written, the first and the last among them, against what copy.wgsl fills in. */
  async #check(name: string): Promise<void> {
    const last = this.to.size / windowBytes - 1;
    for (let i = 0; i < windows; i++) {
      const offset = Math.floor((last * i) / (windows - 1)) * windowBytes;
      const words = new Uint32Array(await readBack(this.clock.device, this.to, offset, windowBytes));
      for (const [index, word] of words.entries()) {
        const expected = Math.imul(offset / 4 + index, 2654435761) >>> 0;
        if (word !== expected) throw new Error(`${name}: word ${offset / 4 + index} is ${word}, not ${expected}.`);
      }
    }
  }
}
