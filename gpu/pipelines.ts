/** Pipelines, made asynchronously and kept by entry point and constants; one layout fits every kernel. */
import { AdaptiveError } from '../core/errors.js';
import type { Constants, Stage } from './kernel-table.js';
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
type EntryPoint = Pick<Stage, 'entry' | 'byQuads'>;

export class Pipelines {
  readonly groupLayout: GPUBindGroupLayout;
  readonly #layout: GPUPipelineLayout;
  readonly #modules = new Map<string, Promise<GPUShaderModule>>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(
    readonly device: GPUDevice,
    readonly subgroups: boolean,
  ) {
    this.groupLayout = device.createBindGroupLayout({ entries: groupEntries() });
    this.#layout = device.createPipelineLayout({ bindGroupLayouts: [this.groupLayout] });
  }

  /** @throws AdaptiveError 'internal' with the compiler's words */
  get(file: string, stage: EntryPoint, constants: Constants): Promise<GPUComputePipeline> {
    const key = `${stage.entry} ${Object.values(constants).join(' ')}`;
    const known = this.#pipelines.get(key);
    if (known) return known;
    const made = this.#create(file, stage, constants);
    this.#pipelines.set(key, made);
    return made;
  }

  async #create(file: string, { entry, byQuads }: EntryPoint, constants: Constants): Promise<GPUComputePipeline> {
    const module = await this.#module(file, byQuads === true);
    try {
      return await this.device.createComputePipelineAsync({
        label: entry,
        layout: this.#layout,
        compute: { module, entryPoint: entry, constants },
      });
    } catch (error) {
      throw AdaptiveError.from(error, 'internal');
    }
  }

  #module(file: string, byQuads: boolean): Promise<GPUShaderModule> {
    const key = byQuads ? `quads/${file}` : file;
    const known = this.#modules.get(key);
    if (known) return known;
    const made = this.#compile(file, byQuads);
    this.#modules.set(key, made);
    return made;
  }

  async #compile(file: string, byQuads: boolean): Promise<GPUShaderModule> {
    const shader = composeShader(file, { byQuads, subgroups: this.subgroups });
    // Its errors are reported here, not to whoever listens for uncaptured ones.
    this.device.pushErrorScope('validation');
    const module = this.device.createShaderModule({ label: file, code: shader.code });
    const [scope, errors] = await Promise.all([this.device.popErrorScope(), shaderErrors(shader, module)]);
    if (errors || scope) throw new AdaptiveError('internal', errors || (scope?.message ?? file));
    return module;
  }
}
