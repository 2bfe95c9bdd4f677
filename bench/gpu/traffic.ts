/** What some work asks of the GPU, counted where WebGPU is called, whoever calls it. */

export interface Traffic {
  dispatches: number;
  submits: number;
  /** From the CPU to the GPU. */
  bytesWritten: number;
  /** From the GPU to the CPU. */
  bytesRead: number;
}

export async function trafficOf(work: () => Promise<unknown>): Promise<Traffic> {
  const traffic: Traffic = { dispatches: 0, submits: 0, bytesWritten: 0, bytesRead: 0 };
  const undo = [
    listen(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => traffic.dispatches++),
    listen(GPUQueue.prototype, 'submit', () => traffic.submits++),
    listen(GPUQueue.prototype, 'writeBuffer', (_buffer, _offset, data, _from, size) => {
      traffic.bytesWritten += bytesOf(data, size);
    }),
    listen(GPUBuffer.prototype, 'mapAsync', (_mode, _offset, size) => (traffic.bytesRead += Number(size))),
  ];
  try {
    await work();
  } finally {
    for (const each of undo) each();
  }
  return traffic;
}

/** Hears every call of a method. Returns what ends that. */
function listen(prototype: object, name: string, hear: (...args: readonly unknown[]) => void): () => void {
  const method: unknown = Reflect.get(prototype, name);
  if (typeof method !== 'function') throw new TypeError(`WebGPU has no ${name} here.`);
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]): unknown {
    hear(...args);
    const result: unknown = Reflect.apply(method, this, args);
    return result;
  });
  return () => Reflect.set(prototype, name, method);
}

/** `size` counts elements of an array, bytes of a buffer; without it all is written. */
function bytesOf(data: unknown, size: unknown): number {
  if (!ArrayBuffer.isView(data)) return Number(size);
  if (size === undefined) return data.byteLength;
  return 'BYTES_PER_ELEMENT' in data ? Number(size) * Number(data.BYTES_PER_ELEMENT) : Number(size);
}

export function printTraffic({ dispatches, submits, bytesWritten, bytesRead }: Traffic): void {
  const [written, read] = [bytesWritten, bytesRead].map((bytes) => bytes.toLocaleString('en'));
  process.stdout.write(
    `  a step: ${dispatches.toLocaleString('en')} dispatches, ${submits} submits, ${written} B to the GPU, ${read} B back\n`,
  );
}
