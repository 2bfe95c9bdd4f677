/** Pipelines, made asynchronously and kept by entry point and constants; one layout fits every kernel. */
import { AdaptiveError } from '../core/errors.js';
import { recordBytes } from './record.js';
import { composeShader, shaderErrors } from './shader.js';

/** What every kernel is bound to: shared arena, own arena, record. */
export function groupEntries() {
  const visibility = GPUShaderStage.COMPUTE;
  return [
    { binding: 0, visibility, buffer: { type: 'storage' } },
    { binding: 1, visibility, buffer: { type: 'storage' } },
    { binding: 2, visibility, buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: recordBytes } },
  ] as const satisfies GPUBindGroupLayoutEntry[];
}

export class Pipelines {
  readonly groupLayout: GPUBindGroupLayout;
  readonly #layout: GPUPipelineLayout;
  readonly #modules = new Map<string, Promise<GPUShaderModule>>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(readonly device: GPUDevice) {
    this.groupLayout = device.createBindGroupLayout({ entries: groupEntries() });
    this.#layout = device.createPipelineLayout({ bindGroupLayouts: [this.groupLayout] });
  }

  /** @throws AdaptiveError 'internal' with the compiler's words */
  get(file: string, entry: string, constants: Record<string, number>): Promise<GPUComputePipeline> {
    const key = `${entry} ${Object.values(constants).join('')}`;
    const known = this.#pipelines.get(key);
    if (known) return known;
    const made = this.#create(file, entry, constants);
    this.#pipelines.set(key, made);
    return made;
  }

  async #create(file: string, entryPoint: string, constants: Record<string, number>): Promise<GPUComputePipeline> {
    const module = await this.#module(file);
    try {
      return await this.device.createComputePipelineAsync({
        label: entryPoint,
        layout: this.#layout,
        compute: { module, entryPoint, constants },
      });
    } catch (error) {
      throw AdaptiveError.from(error, 'internal');
    }
  }

  #module(file: string): Promise<GPUShaderModule> {
    const known = this.#modules.get(file);
    if (known) return known;
    const made = this.#compile(file);
    this.#modules.set(file, made);
    return made;
  }

  async #compile(file: string): Promise<GPUShaderModule> {
    const shader = composeShader(file);
    // Its errors are reported here, not to whoever listens for uncaptured ones.
    this.device.pushErrorScope('validation');
    const module = this.device.createShaderModule({ label: file, code: shader.code });
    const [scope, errors] = await Promise.all([this.device.popErrorScope(), shaderErrors(shader, module)]);
    if (errors || scope) throw new AdaptiveError('internal', errors || (scope?.message ?? file));
    return module;
  }
}
