/** Where something is put: on the backend that was asked for, or on the faster one; and what comes after one that failed. */
import type { BackendChoice, BackendReason } from '../core/backend.js';
import { AdaptiveError } from '../core/errors.js';
import type { Executor } from '../core/executor.js';
import { fingerprint } from '../gpu/generated/fingerprint.js';
import { reasonOf, type Backends } from './backends.js';
import { within } from './within.js';

/** What can stand on one backend or another. */
export interface Placeable {
  readonly executor: Executor;
  /**
   * Seconds that a piece of its work takes, the same piece on every backend. Not more is done than needed to see that it
   * takes longer than `limit` seconds.
   */
  time(limit?: number): Promise<number>;
  destroy(): void;
}

export interface Order<T extends Placeable> {
  readonly choice: BackendChoice;
  /** What is measured, down to everything that its speed depends on. */
  readonly key: readonly unknown[];
  /** Makes it on an executor, which belongs to it from then on, also when this rejects. */
  readonly make: (executor: Executor) => Promise<T>;
  /** Seconds; what WASM does in less than this is not compared. */
  readonly enough?: number;
}

export interface Placed<T> {
  readonly it: T;
  readonly reason: BackendReason;
}

/** A GPU whose first measured piece takes this many times as long as on WASM is not measured any further. */
const hopeless = 3;
/** And it has this long for the piece before, in which things are made that are then kept. */
const warmUpTime = 1; // s

/**
 * Puts something where it was asked to be; for 'auto', where it was measured to be faster, here or on an earlier visit.
 * What cannot be on WebGPU is put on WASM. @throws AdaptiveError when it cannot be on WASM either
 */
export async function place<T extends Placeable>(backends: Backends, order: Order<T>): Promise<Placed<T>> {
  if (order.choice === 'wasm') return { it: await onWasm(backends, order), reason: { code: 'asked' } };
  if (order.choice === 'auto') return placeFaster(backends, order);
  const report = await backends.adapter();
  const missing = 'missing' in report && report.missing !== 'software-adapter' ? report.missing : null;
  if (missing !== null) return { it: await onWasm(backends, order), reason: { code: missing } };
  return onGpuOrWasm(backends, order, { code: 'asked' });
}

/**
 * Puts something that was on an executor that failed on another one: after a first loss of the GPU on a new device, in all
 * other cases on WASM. `losses` are those of the same run or text before.
 * @throws AdaptiveError the same error, when it was on WASM already
 */
export async function placeAgain<T extends Placeable>(
  backends: Backends,
  { make, error, losses, from }: Pick<Order<T>, 'make'> & Failure,
): Promise<Placed<T>> {
  if (from !== 'webgpu') throw error;
  const reason = reasonOf(error);
  const again = reason.code === 'device-lost' && losses === 0;
  if (again) return onGpuOrWasm(backends, { make }, reason);
  return { it: await onWasm(backends, { make }), reason };
}

interface Failure {
  readonly error: AdaptiveError;
  readonly losses: number;
  readonly from: Executor['backend'];
}

type Make<T extends Placeable> = Pick<Order<T>, 'make'>;

async function onWasm<T extends Placeable>(backends: Backends, { make }: Make<T>): Promise<T> {
  return make(await backends.wasm());
}

async function onGpu<T extends Placeable>(backends: Backends, { make }: Make<T>): Promise<T> {
  return make(await backends.webgpu());
}

async function onGpuOrWasm<T extends Placeable>(
  backends: Backends,
  order: Make<T>,
  reason: BackendReason,
): Promise<Placed<T>> {
  try {
    return { it: await onGpu(backends, order), reason };
  } catch (thrown) {
    return { it: await onWasm(backends, order), reason: reasonOf(AdaptiveError.from(thrown)) };
  }
}

async function placeFaster<T extends Placeable>(backends: Backends, order: Order<T>): Promise<Placed<T>> {
  const { key, enough } = order;
  // Where WASM may do without a comparison it comes first; otherwise it need not be made for what is known.
  const wasm = enough === undefined ? null : await onWasm(backends, order);
  const elsewhere = async (code: Exclude<BackendReason['code'], 'faster'>): Promise<Placed<T>> => ({
    it: wasm ?? (await onWasm(backends, order)),
    reason: { code },
  });
  if (!backends.knowsWebGpu) return elsewhere('no-webgpu');
  if (wasm && (await wasm.time()) < (enough ?? 0)) return elsewhere('small');
  const report = (await within(backends.readyTime, backends.adapter())) ?? { missing: 'no-adapter' };
  if ('missing' in report) return elsewhere(report.missing);
  const name = JSON.stringify([fingerprint, report.identity, ...key]);
  const known = await backends.memory.recall(name);
  if (known?.backend === 'wasm') {
    return { it: wasm ?? (await onWasm(backends, order)), reason: { code: 'faster', times: known.times } };
  }
  if (known) {
    wasm?.destroy();
    return onGpuOrWasm(backends, order, { code: 'faster', times: known.times });
  }
  return compare(backends, order, name, wasm ?? (await onWasm(backends, order)));
}

async function compare<T extends Placeable>(
  backends: Backends,
  order: Order<T>,
  name: string,
  wasm: T,
): Promise<Placed<T>> {
  const wasmTime = await wasm.time();
  let gpu: T | null = null;
  try {
    gpu = await within(backends.readyTime, onGpu(backends, order), (late) => late.destroy());
    if (!gpu) return { it: wasm, reason: { code: 'slow-start' } };
    const limit = hopeless * wasmTime;
    const gpuTime = (await within(warmUpTime + 4 * limit, gpu.time(limit))) ?? limit;
    const [faster, slower] = gpuTime < wasmTime ? [gpu, wasm] : [wasm, gpu];
    const times = Math.max(wasmTime, gpuTime) / Math.min(wasmTime, gpuTime);
    await backends.memory.remember(name, { backend: faster === gpu ? 'webgpu' : 'wasm', times });
    slower.destroy();
    return { it: faster, reason: { code: 'faster', times } };
  } catch (thrown) {
    gpu?.destroy();
    return { it: wasm, reason: reasonOf(AdaptiveError.from(thrown)) };
  }
}
