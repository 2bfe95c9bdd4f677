/**
 * Seconds that the GPU works: by its own timestamps where it has them, else by the wall clock from the first submit until
 * all is done.
 */

/** Two whole numbers of nanoseconds. */
const stampBytes = 16;

interface Stamps {
  readonly queries: GPUQuerySet;
  readonly resolved: GPUBuffer;
  readonly read: GPUBuffer;
}

export class GpuClock {
  private constructor(
    readonly device: GPUDevice,
    readonly stamps: Stamps | null,
  ) {}

  /** By timestamps only where they can be: some adapters do not stamp a pass without work. */
  static async open(device: GPUDevice): Promise<GpuClock> {
    if (!device.features.has('timestamp-query')) return new GpuClock(device, null);
    const { COPY_SRC, COPY_DST, QUERY_RESOLVE, MAP_READ } = GPUBufferUsage;
    const clock = new GpuClock(device, {
      queries: device.createQuerySet({ type: 'timestamp', count: 2 }),
      resolved: device.createBuffer({ size: stampBytes, usage: QUERY_RESOLVE | COPY_SRC }),
      read: device.createBuffer({ size: stampBytes, usage: COPY_DST | MAP_READ }),
    });
    const something = device.createBuffer({ size: 2 ** 24, usage: COPY_DST });
    const right = await clock
      .seconds(() => {
        const encoder = device.createCommandEncoder();
        encoder.clearBuffer(something);
        device.queue.submit([encoder.finish()]);
      })
      .then(
        () => true,
        () => false,
      );
    something.destroy();
    return right ? clock : new GpuClock(device, null);
  }

  get kind(): 'timestamp-query' | 'wall clock' {
    return this.stamps ? 'timestamp-query' : 'wall clock';
  }

  /** Of what `submit` submits, once all that was submitted before is done. */
  async seconds(submit: () => void): Promise<number> {
    const { device } = this;
    await device.queue.onSubmittedWorkDone();
    const started = performance.now();
    if (!this.stamps) {
      submit();
      await device.queue.onSubmittedWorkDone();
      return (performance.now() - started) / 1000;
    }
    const { queries, resolved, read } = this.stamps;
    this.#stamp(queries, 0);
    submit();
    this.#stamp(queries, 1);
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, stampBytes);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const wall = (performance.now() - started) / 1000;
    const [begun = 0n, ended = 0n] = new BigUint64Array(read.getMappedRange());
    const seconds = Number(ended - begun) / 1e9;
    read.unmap();
    if (!(seconds > 0 && seconds <= wall)) {
      throw new Error(`The GPU’s timestamps say ${seconds} s, and the wall clock ${wall} s.`);
    }
    return seconds;
  }

  /** An empty pass that is stamped when all that was submitted before has begun and ended. */
  #stamp(querySet: GPUQuerySet, index: number): void {
    const encoder = this.device.createCommandEncoder();
    encoder.beginComputePass({ timestampWrites: { querySet, beginningOfPassWriteIndex: index } }).end();
    this.device.queue.submit([encoder.finish()]);
  }
}
