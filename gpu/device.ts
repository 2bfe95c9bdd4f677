/**
 * The GPU: adapter and device, with what the platform offers beyond the least, and what becomes of them. A device may
 * go at any time; then `failure` is set, `lost` resolves, and whoever waits for a result gets the same error.
 */
import { AdaptiveError } from '../core/errors.js';
import { defaultSource, type GpuSource } from './adapter.js';

/** Used where present, never required. */
const wantedFeatures: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query'];

/** Limits that a model's size may reach: as much as the adapter gives. The rest stays at the least that everyone has. */
const wantedLimits = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/**
 * How products are made: by tiles in the memory of a workgroup, as GPUs want it, or by quads without barriers, for
 * adapters that run on a CPU (kernels/common/quad-product.wgsl).
 */
export const kernelStyles = ['tiles', 'quads'] as const;
export type KernelStyle = (typeof kernelStyles)[number];

export interface GpuOptions {
  /** Where adapters come from; `navigator.gpu` unless given, null where there is none. */
  readonly source?: GpuSource | null;
  readonly powerPreference?: GPUPowerPreference;
  /** Quads on a fallback adapter with `subgroups`, tiles elsewhere, unless given. Quads need `subgroups`. */
  readonly style?: KernelStyle;
}

export class Gpu {
  /** Resolves when the device is gone, be it by `destroy` or by itself. */
  readonly lost: Promise<AdaptiveError>;
  #failure: AdaptiveError | null = null;

  constructor(
    readonly device: GPUDevice,
    /** Vendor and architecture, for people. */
    readonly description: string,
    readonly style: KernelStyle,
  ) {
    this.lost = device.lost.then(({ reason, message }) => {
      const error =
        reason === 'destroyed'
          ? new AdaptiveError('destroyed', 'This GPU device was destroyed.')
          : new AdaptiveError('device-lost', `The GPU was lost: ${message || 'no reason was given'}.`);
      this.#failure = error;
      return error;
    });
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#failure ??= asAdaptiveError(error);
    });
  }

  /** Why nothing more can be had from this device, or null. */
  get failure(): AdaptiveError | null {
    return this.#failure;
  }

  has(feature: GPUFeatureName): boolean {
    return this.device.features.has(feature);
  }

  /** @throws AdaptiveError what went wrong before, if anything did */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Twice is harmless. */
  destroy(): void {
    this.device.destroy();
  }
}

export function asAdaptiveError(error: GPUError): AdaptiveError {
  return error instanceof GPUOutOfMemoryError
    ? new AdaptiveError(
        'memory',
        'The GPU has not enough memory for this model. Take a smaller one, or another backend.',
      )
    : new AdaptiveError('internal', `WebGPU: ${error.message}`);
}

/** @throws AdaptiveError 'unsupported' when there is no WebGPU, no adapter, or no device. */
export async function openGpu({ source = defaultSource(), powerPreference, style }: GpuOptions = {}): Promise<Gpu> {
  if (!source) throw new AdaptiveError('unsupported', 'There is no WebGPU here.');
  try {
    const adapter = await source.requestAdapter(powerPreference ? { powerPreference } : {});
    if (!adapter) throw new AdaptiveError('unsupported', 'WebGPU has no adapter here.');
    const device = await adapter.requestDevice({
      requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
    });
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
    const about = [vendor, architecture, description].filter((part) => part !== '').join(' ');
    const fitting = isFallbackAdapter && device.features.has('subgroups') ? 'quads' : 'tiles';
    return new Gpu(device, about, style ?? fitting);
  } catch (error) {
    throw AdaptiveError.from(error, 'unsupported');
  }
}
