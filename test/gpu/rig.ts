/**
 * `navigator.gpu`, with a hand on what it gives out: devices can be destroyed at a given moment, buffers are counted, and
 * adapters can be absent, say that they are hardware, or have no memory or no features. What computes is the real thing.
 */
import type { GpuSource } from '../../gpu/adapter.js';

export interface RigOptions {
  /** Every adapter says that it is this GPU and no software. */
  readonly poseAs?: string;
  /** No adapter: as where a browser does not trust the driver. */
  readonly blocked?: boolean;
  /** No adapter has a feature that is optional. */
  readonly withoutFeatures?: boolean;
  /** Devices are given out once this has come. */
  readonly gate?: Promise<void>;
  /** Devices that refuse memory, counted from 0. */
  readonly withoutMemory?: (device: number) => boolean;
}

export class GpuRig implements GpuSource {
  readonly devices: GPUDevice[] = [];
  /** Buffers that were made and not destroyed, of devices that are still there. */
  readonly buffers = new Set<GPUBuffer>();
  adapters = 0;
  submits = 0;
  #onSubmit: (() => void) | null = null;
  #countdown = 0;

  constructor(readonly options: RigOptions = {}) {}

  get device(): GPUDevice {
    const last = this.devices.at(-1);
    if (!last) throw new Error('No device was asked for yet.');
    return last;
  }

  /** Calls `act` just before the n-th submit from now (1, 2, …). */
  beforeSubmit(n: number, act: () => void): void {
    this.#countdown = n;
    this.#onSubmit = act;
  }

  async requestAdapter(options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> {
    this.adapters++;
    const { blocked, poseAs, withoutFeatures, gate } = this.options;
    const adapter = blocked ? null : await navigator.gpu.requestAdapter(options);
    if (!adapter) return null;
    if (poseAs !== undefined) {
      const info = { vendor: poseAs, architecture: '', device: '', description: '', isFallbackAdapter: false };
      Object.defineProperty(adapter, 'info', { value: info });
    }
    if (withoutFeatures) Object.defineProperty(adapter, 'features', { value: new Set() });
    const request = async (descriptor?: GPUDeviceDescriptor) => {
      await gate;
      return this.#follow(await GPUAdapter.prototype.requestDevice.call(adapter, descriptor));
    };
    Object.defineProperty(adapter, 'requestDevice', { value: request });
    return adapter;
  }

  #follow(device: GPUDevice): GPUDevice {
    const number = this.devices.push(device) - 1;
    device.createBuffer = (descriptor) => {
      const buffer = GPUDevice.prototype.createBuffer.call(device, descriptor);
      this.buffers.add(buffer);
      buffer.destroy = () => {
        this.buffers.delete(buffer);
        GPUBuffer.prototype.destroy.call(buffer);
      };
      return buffer;
    };
    device.queue.submit = (buffers) => {
      this.submits++;
      if (this.#onSubmit && --this.#countdown === 0) {
        const act = this.#onSubmit;
        this.#onSubmit = null;
        act();
      }
      GPUQueue.prototype.submit.call(device.queue, buffers);
    };
    if (this.options.withoutMemory?.(number)) {
      device.popErrorScope = async () =>
        (await GPUDevice.prototype.popErrorScope.call(device)) ?? new GPUOutOfMemoryError('there is none');
    }
    return device;
  }
}
