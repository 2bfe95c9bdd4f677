/** The room's door. Its name is that of the file that a page fetches when it asks for this backend. */
export type { GpuSource } from './adapter.js';
export { openGpu, type Gpu, type GpuOptions, type KernelStyle } from './device.js';
export { createGpuExecutor, type GpuExecutor } from './executor.js';
