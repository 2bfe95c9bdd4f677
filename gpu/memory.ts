/** Buffers of the GPU: taken with an error that says what is missing, read by way of staging buffers that are kept. */
import { AdaptiveError } from '../core/errors.js';
import type { BufferSpec } from '../core/program.js';
import { asAdaptiveError, type Gpu } from './device.js';
import { arenas, type Placement } from './record.js';

export const wordBytes = 4;
/** Buffers begin on a cache line. */
export const alignment = 32; // words

export function aligned(words: number): number {
  return Math.ceil(words / alignment) * alignment;
}

/** Takes a zeroed buffer. @throws AdaptiveError 'memory' when it is larger than the device allows, or there is none */
export async function takeBuffer(gpu: Gpu, label: string, words: number, usage: number): Promise<GPUBuffer> {
  const { device } = gpu;
  const size = Math.max(aligned(words), alignment) * wordBytes;
  const most = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  if (size > most) {
    throw new AdaptiveError('memory', `This needs ${size} bytes in one piece, and the GPU gives at most ${most}.`, {
      bytes: size,
      limit: most,
    });
  }
  device.pushErrorScope('out-of-memory');
  const buffer = device.createBuffer({ label, size, usage });
  const error = await device.popErrorScope();
  if (!error) return buffer;
  buffer.destroy();
  throw asAdaptiveError(error);
}

/** How much later than those who wait for results the device may tell of its loss. */
const lossDelay = 200; // ms

/** The error behind a rejected wait: the device's loss, if that is what it was. */
async function errorBehind(rejection: unknown, gpu: Gpu): Promise<AdaptiveError> {
  await Promise.race([gpu.lost, new Promise((resolve) => setTimeout(resolve, lossDelay))]);
  return gpu.failure ?? AdaptiveError.from(rejection);
}

/** Buffers that Programs know by name, one after the other in an arena that grows. */
export class SharedArena {
  readonly #placed = new Map<string, { readonly spec: BufferSpec; readonly placement: Placement }>();
  #buffer: GPUBuffer | null = null;
  #words = 0;

  constructor(readonly gpu: Gpu) {}

  /** The arena as it is now; another one after it has grown. */
  get buffer(): GPUBuffer {
    if (!this.#buffer) throw new AdaptiveError('internal', 'The shared arena is asked for before it is there.');
    return this.#buffer;
  }

  get bytes(): number {
    return this.#buffer?.size ?? 0;
  }

  /** Finds or makes room for the shared buffers of a Program; what is in the others stays. */
  async place(specs: readonly BufferSpec[]): Promise<ReadonlyMap<string, Placement>> {
    const fresh = specs.filter((spec) => !this.#known(spec));
    const before = this.#words;
    for (const spec of fresh) {
      this.#placed.set(spec.name, { spec, placement: { arena: arenas.shared, offset: this.#words } });
      this.#words += aligned(spec.length);
    }
    if (fresh.length > 0 || !this.#buffer) {
      try {
        await this.#grow();
      } catch (error) {
        for (const { name } of fresh) this.#placed.delete(name);
        this.#words = before;
        throw error;
      }
    }
    return new Map([...this.#placed].map(([name, { placement }]) => [name, placement]));
  }

  destroy(): void {
    this.#buffer?.destroy();
    this.#buffer = null;
    this.#placed.clear();
    this.#words = 0;
  }

  #known({ name, length, type }: BufferSpec): boolean {
    const spec = this.#placed.get(name)?.spec;
    if (!spec || (spec.length === length && spec.type === type)) return spec !== undefined;
    throw new AdaptiveError(
      'program',
      `Shared buffer ${name}: expected ${spec.length} ${spec.type}, got ${length} ${type}.`,
    );
  }

  async #grow(): Promise<void> {
    const old = this.#buffer;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const grown = await takeBuffer(this.gpu, 'shared', this.#words, usage);
    if (old) {
      const encoder = this.gpu.device.createCommandEncoder();
      encoder.copyBufferToBuffer(old, 0, grown, 0, old.size);
      this.gpu.device.queue.submit([encoder.finish()]);
      old.destroy();
    }
    this.#buffer = grown;
  }
}

/** Buffers that results are mapped from. Each serves one read at a time. */
export class Staging {
  readonly #free: GPUBuffer[] = [];
  readonly #all = new Set<GPUBuffer>();

  constructor(readonly gpu: Gpu) {}

  get bytes(): number {
    return [...this.#all].reduce((sum, { size }) => sum + size, 0);
  }

  /** A copy of `words` words of a buffer, from word `offset`, after all the work before. */
  async read(from: GPUBuffer, offset: number, words: number, use: (bytes: ArrayBuffer) => void): Promise<void> {
    const { device } = this.gpu;
    const bytes = words * wordBytes;
    const staging = this.#take(bytes);
    try {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(from, offset * wordBytes, staging, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
      use(staging.getMappedRange(0, bytes));
      staging.unmap();
      if (this.#all.has(staging)) this.#free.push(staging);
    } catch (error) {
      staging.destroy();
      this.#all.delete(staging);
      throw await errorBehind(error, this.gpu);
    }
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
    this.#all.clear();
    this.#free.length = 0;
  }

  #take(bytes: number): GPUBuffer {
    const index = this.#free.findIndex(({ size }) => size >= bytes);
    const [found] = index >= 0 ? this.#free.splice(index, 1) : [];
    if (found) return found;
    // At least a page, so that all the small reads share one.
    const size = Math.max(4096, bytes);
    const buffer = this.gpu.device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    this.#all.add(buffer);
    return buffer;
  }
}
