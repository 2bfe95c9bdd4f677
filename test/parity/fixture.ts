/** Golden cases: safetensors files whose `__metadata__.case` says what was computed. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asFloat64, asInt32, readSafetensors, type SafetensorsFile } from '../../worker/files/safetensors.js';

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export class Fixture {
  readonly case: Readonly<Record<string, unknown>>;
  readonly #file: SafetensorsFile;

  constructor(
    readonly name: string,
    bytes: Uint8Array,
  ) {
    this.#file = readSafetensors(bytes);
    const description: unknown = JSON.parse(this.#file.metadata['case'] ?? 'null');
    if (typeof description !== 'object' || description === null) throw new TypeError(`${name} describes no case.`);
    this.case = { ...description };
  }

  get names(): string[] {
    return [...this.#file.tensors.keys()];
  }

  tensor(name: string): Tensor {
    const tensor = this.#file.tensors.get(name);
    if (!tensor) throw new TypeError(`${this.name} has no ${name}.`);
    return { shape: tensor.shape, values: asFloat64(tensor) };
  }

  integers(name: string): Int32Array {
    const tensor = this.#file.tensors.get(name);
    if (!tensor) throw new TypeError(`${this.name} has no ${name}.`);
    return asInt32(tensor);
  }

  /** Tensors whose name starts with `prefix.`, under the rest of their names. */
  group(prefix: string): Map<string, Tensor> {
    const start = `${prefix}.`;
    return new Map(
      this.names.filter((name) => name.startsWith(start)).map((name) => [name.slice(start.length), this.tensor(name)]),
    );
  }

  number(key: string): number {
    const value = this.case[key];
    if (typeof value !== 'number') throw new TypeError(`${this.name}: case.${key} is no number.`);
    return value;
  }

  numbers(key: string): number[] {
    const value = this.case[key];
    if (!Array.isArray(value)) throw new TypeError(`${this.name}: case.${key} is no list.`);
    return value.map(Number);
  }
}

/** Names of the fixtures of a folder. */
export async function fixtureNames(directory: string): Promise<string[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.safetensors')).sort();
  return files.map((name) => name.replace(/\.safetensors$/, ''));
}

export async function readFixture(directory: string, name: string): Promise<Fixture> {
  return new Fixture(name, await readFile(join(directory, `${name}.safetensors`)));
}
