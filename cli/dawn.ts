/**
 * WebGPU in Node, by the package `webgpu` (Dawn). It is optional and loaded when it is asked for: it brings code for the
 * machine that not every machine can run.
 */
import { AdaptiveError } from '../core/errors.js';
import type { GpuSource } from '../gpu/adapter.js';

/** What a workgroup's memory holds at first is the same either way; with the extension SwiftShader compiles ten times as long. */
const slowToCompile = 'use_vulkan_zero_initialize_workgroup_memory_extension';

export interface DawnOptions {
  /** 'null' checks everything and computes nothing. The platform's own unless given. */
  readonly backend?: 'null';
  /** Toggles of Dawn that are to be off. */
  readonly disabled?: readonly string[];
}

/** Dawn's instances are held for good: a device does not outlive its own, and nothing else holds it. */
const instances = new Map<string, GpuSource>();

/** The adapter that a command runs on. */
export interface DawnAdapter {
  readonly source: GpuSource;
  readonly info: GPUAdapterInfo;
}

/**
 * An instance of Dawn.
 * @throws AdaptiveError 'unsupported' when the package is missing, or does not run here.
 */
export async function dawn({ backend, disabled = [] }: DawnOptions = {}): Promise<GpuSource> {
  const options = [
    ...(backend ? [`backend=${backend}`] : []),
    ...(disabled.length > 0 ? [`disable-dawn-features=${disabled.join(',')}`] : []),
  ];
  const key = options.join(' ');
  const known = instances.get(key);
  if (known) return known;
  const { create, globals } = await importDawn();
  // The constants and classes that a browser has: GPUBufferUsage, GPUOutOfMemoryError, …
  Object.assign(globalThis, globals);
  const made = create(options);
  instances.set(key, made);
  return made;
}

/**
 * The fastest adapter of this machine.
 * @throws AdaptiveError 'unsupported' when the package is missing, or there is no adapter.
 */
export async function openDawn({ disabled = [] }: Pick<DawnOptions, 'disabled'> = {}): Promise<DawnAdapter> {
  let source = fastest(await dawn({ disabled }));
  let adapter = await source.requestAdapter();
  if (adapter?.info.isFallbackAdapter) {
    source = fastest(await dawn({ disabled: [...disabled, slowToCompile] }));
    adapter = await source.requestAdapter();
  }
  if (!adapter) {
    throw new AdaptiveError(
      'unsupported',
      'WebGPU finds no GPU on this machine. It needs the GPU’s driver; on Linux that is a driver for Vulkan, with its ' +
        'loader libvulkan.so.1 (Debian: libvulkan1; in a container of NVIDIA’s: NVIDIA_DRIVER_CAPABILITIES=all). ' +
        'Or take --backend wasm.',
    );
  }
  return { source, info: adapter.info };
}

/** Of several GPUs, the one that computes fastest. */
function fastest(gpu: GpuSource): GpuSource {
  return { requestAdapter: (options) => gpu.requestAdapter({ powerPreference: 'high-performance', ...options }) };
}

async function importDawn() {
  try {
    return await import('webgpu');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') {
      throw new AdaptiveError(
        'unsupported',
        'WebGPU in Node comes with the package webgpu, which is not installed. Run npm install webgpu, or take ' +
          '--backend wasm.',
        {},
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AdaptiveError('unsupported', `The package webgpu does not run here: ${reason}`, {}, { cause });
  }
}
