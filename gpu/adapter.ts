/** What the platform has to offer, before a device is made of it. Small: it is part of every worker. */

/** What is asked for an adapter: `navigator.gpu`, or another implementation's. */
export type GpuSource = Pick<GPU, 'requestAdapter'>;

/** An adapter worth trying, by a name that tells it from others; or why there is none. */
export type AdapterReport =
  { readonly identity: string } | { readonly missing: 'no-webgpu' | 'no-adapter' | 'software-adapter' };

/** Of those that compute on the CPU and do not say so. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

export function defaultSource(): GpuSource | null {
  return typeof navigator !== 'undefined' && 'gpu' in navigator ? navigator.gpu : null;
}

export async function inspectAdapter(source: GpuSource | null): Promise<AdapterReport> {
  if (!source) return { missing: 'no-webgpu' };
  const adapter = await source.requestAdapter().catch(() => null);
  if (!adapter) return { missing: 'no-adapter' };
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const identity = [vendor, architecture, device, description].join('/');
  return isFallbackAdapter || softwareNames.test(identity) ? { missing: 'software-adapter' } : { identity };
}
