/** The GPU that is measured, in words and numbers. */
import { AdaptiveError } from '../../core/errors.js';
import type { GpuSource } from '../../gpu/webgpu.js';

/** Those that decide which models fit, and which kernels are possible. */
const limitsThatMatter = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies (keyof GPUSupportedLimits)[];

/** Those of graphics are left out. */
const featuresThatMatter = /^(subgroup|shader-f16|timestamp|chromium-experimental-subgroup)/;

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Whether it computes on the CPU. */
  readonly software: boolean;
  /** Sizes; null where the adapter does not tell. */
  readonly subgroups: { readonly least: number; readonly most: number } | null;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  /** Node or browser. */
  readonly runtime: string;
}

export async function describeAdapter(source: GpuSource, runtime: string): Promise<AdapterFacts> {
  const adapter = await source.requestAdapter();
  if (!adapter) throw new AdaptiveError('unsupported', 'WebGPU has no adapter here.');
  const { vendor, architecture, device, description, isFallbackAdapter, subgroupMinSize, subgroupMaxSize } =
    adapter.info;
  return {
    vendor,
    architecture,
    device,
    description,
    software: isFallbackAdapter,
    subgroups: subgroupMinSize && subgroupMaxSize ? { least: subgroupMinSize, most: subgroupMaxSize } : null,
    features: [...adapter.features].filter((feature) => featuresThatMatter.test(feature)).sort(),
    limits: Object.fromEntries(limitsThatMatter.map((name) => [name, adapter.limits[name]])),
    runtime,
  };
}

export function adapterLines({ software, subgroups, features, limits, runtime, ...names }: AdapterFacts): string {
  const { vendor, architecture, device, description } = names;
  return [
    `adapter      ${[vendor, architecture, device, description].filter((part) => part !== '').join(' | ')}`,
    ...(software ? ['             a software adapter: it computes on the CPU, and says nothing about a GPU'] : []),
    `features     ${features.join(', ')}${subgroups ? `; subgroups of ${subgroups.least} to ${subgroups.most}` : ''}`,
    `limits       ${Object.entries(limits)
      .map(([name, value]) => `${name} ${value.toLocaleString('en')}`)
      .join('\n             ')}`,
    `in           ${runtime}`,
    '',
  ].join('\n');
}
