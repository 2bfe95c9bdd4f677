/** WebGPU in Node, by npm `webgpu` (Dawn). */
import { create, globals } from 'webgpu';
import type { GpuSource } from '../../gpu/device.js';

/** How a workgroup's memory is zeroed changes nothing; with the extension SwiftShader compiles ten times as long. */
const quickly = 'disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension';

/** Dawn's instances are held for good: a device does not outlive its own, and nothing else holds it. */
const instances = new Map<string, GpuSource>();

/** Where adapters come from: those of the platform, or, of kind 'null', one that checks everything and computes nothing. */
export function nodeGpu(kind: 'platform' | 'null'): GpuSource {
  const known = instances.get(kind);
  if (known) return known;
  Object.assign(globalThis, globals);
  const made = create([kind === 'null' ? 'backend=null' : quickly]);
  instances.set(kind, made);
  return made;
}
