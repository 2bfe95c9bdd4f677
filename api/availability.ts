/** Whether a model can be had, and what it takes. */
import { simd } from 'wasm-feature-detect';
import { pageAddress } from '../worker/connection.js';

/**
 * `unavailable`: the platform cannot run a model, or the address is none. `downloadable`: its file has to be fetched first;
 * `downloading`: that goes on, for somebody in this page. `available`: nothing has to be fetched.
 */
export type Availability = 'unavailable' | 'downloadable' | 'downloading' | 'available';

/** Addresses that are fetched from now, and for how many. */
const underWay = new Map<string, number>();

/** Does `work`, in which a file is fetched. */
export async function whileDownloading<T>(src: string | URL, work: () => Promise<T>): Promise<T> {
  const url = absolute(src) ?? '';
  underWay.set(url, (underWay.get(url) ?? 0) + 1);
  try {
    return await work();
  } finally {
    const rest = (underWay.get(url) ?? 1) - 1;
    if (rest > 0) underWay.set(url, rest);
    else underWay.delete(url);
  }
}

export async function availabilityOf(src: string | URL | undefined): Promise<Availability> {
  if (typeof WebAssembly === 'undefined' || !(await simd())) return 'unavailable';
  if (src === undefined) return 'available';
  const url = absolute(src);
  if (url === null) return 'unavailable';
  if (underWay.has(url)) return 'downloading';
  return (await isCached(url)) ? 'available' : 'downloadable';
}

function absolute(src: string | URL): string | null {
  try {
    return new URL(src, pageAddress()).href;
  } catch {
    return null;
  }
}

/** Whether the browser has a file of this site already. Asks no server. */
async function isCached(url: string): Promise<boolean> {
  if (typeof location === 'undefined' || new URL(url).origin !== location.origin) return false;
  try {
    const response = await fetch(url, { cache: 'only-if-cached', mode: 'same-origin' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
