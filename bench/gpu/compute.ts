/** The bench's own kernels, which measure the GPU rather than us. */
import { readFile } from 'node:fs/promises';

/** From a file beside the sources of this folder. */
export async function makePipeline(device: GPUDevice, file: string, entryPoint: string): Promise<GPUComputePipeline> {
  const code = await readFile(new URL(`../../../bench/gpu/${file}`, import.meta.url), 'utf8');
  const module = device.createShaderModule({ label: file, code });
  return device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint } });
}

/** A bind group of whole buffers, in order. */
export function bind(device: GPUDevice, pipeline: GPUComputePipeline, ...buffers: readonly GPUBuffer[]): GPUBindGroup {
  return device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
}

export function dispatch(device: GPUDevice, pipeline: GPUComputePipeline, group: GPUBindGroup, groups: number): void {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(groups);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

/** A copy of some bytes of a buffer. */
export async function readBack(
  device: GPUDevice,
  from: GPUBuffer,
  offset: number,
  bytes: number,
): Promise<ArrayBuffer> {
  const staging = device.createBuffer({ size: bytes, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, offset, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const copy = staging.getMappedRange().slice(0);
  staging.destroy();
  return copy;
}
