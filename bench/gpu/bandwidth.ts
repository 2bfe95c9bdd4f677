/** Bytes a second from one buffer to another, by a copy command and by a kernel; read and written ones are counted both. */
import { figure, type Figure } from '../figure.js';
import type { Allowance } from './allowance.js';
import type { GpuClock } from './clock.js';
import { bind, dispatch, makePipeline, readBack } from './compute.js';

const mostBytes = 256 * 2 ** 20; // more than any cache
const windowBytes = 4096;
const windows = 16;
const groups = 8192;
const budget = 0.5; // s

export async function measureBandwidth(clock: GpuClock, allowance: Allowance): Promise<Figure[]> {
  const { device } = clock;
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const size = Math.floor(Math.min(mostBytes, maxBufferSize, maxStorageBufferBindingSize) / windowBytes) * windowBytes;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [from, to] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })];
  const fill = await makePipeline(device, 'copy.wgsl', 'fillStream');
  dispatch(device, fill, bind(device, fill, from), groups);

  const byCommand = () => {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, size);
    device.queue.submit([encoder.finish()]);
  };
  const pipeline = await makePipeline(device, 'copy.wgsl', 'copyStream');
  const group = bind(device, pipeline, to, from);
  const byKernel = () => dispatch(device, pipeline, group, groups);

  const figures: Figure[] = [];
  for (const [name, copy] of [
    ['copy by command', byCommand],
    ['copy by kernel', byKernel],
  ] as const) {
    clear(device, to);
    copy();
    await check(device, to, name);
    const samples = await allowance.sample(() => clock.seconds(copy), budget);
    figures.push(
      figure(
        name,
        'B/s',
        samples.map((seconds) => (2 * size) / seconds),
      ),
    );
  }
  for (const buffer of [from, to]) buffer.destroy();
  return figures;
}

function clear(device: GPUDevice, buffer: GPUBuffer): void {
  const encoder = device.createCommandEncoder();
  encoder.clearBuffer(buffer);
  device.queue.submit([encoder.finish()]);
}

/** Some windows of the buffer, the first and the last among them, against what copy.wgsl fills in. */
async function check(device: GPUDevice, buffer: GPUBuffer, name: string): Promise<void> {
  for (let i = 0; i < windows; i++) {
    const offset = Math.floor(((buffer.size - windowBytes) * i) / (windows - 1) / windowBytes) * windowBytes;
    const words = new Uint32Array(await readBack(device, buffer, offset, windowBytes));
    for (const [index, word] of words.entries()) {
      const expected = Math.imul(offset / 4 + index, 2654435761) >>> 0;
      if (word !== expected) throw new Error(`${name}: word ${offset / 4 + index} is ${word}, not ${expected}.`);
    }
  }
}
