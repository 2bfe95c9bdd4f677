/** The tensors of a PyTorch state dict, each to be taken once: what is missing, misshapen or left over is refused by name. */
import { grouped, quote, refusal, shapeText } from '../refusal.js';
import type { SafetensorsFile } from '../safetensors.js';
import { asFloat32, type Tensor } from '../tensor.js';

export class StateDict {
  readonly #tensors: ReadonlyMap<string, Tensor>;
  readonly #left: Set<string>;

  /** Wrappers such as DataParallel put the same word before every name; that is left out. */
  constructor({ tensors }: SafetensorsFile) {
    const cut = commonPrefix([...tensors.keys()]).length;
    this.#tensors = new Map([...tensors].map(([name, tensor]) => [name.slice(cut), tensor]));
    this.#left = new Set(this.#tensors.keys());
  }

  /** What has not been taken. */
  get left(): readonly string[] {
    return [...this.#left];
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Whether all weights are in 16 bits. */
  get half(): boolean {
    return [...this.#tensors.values()].every(({ dtype }) => dtype === 'F16');
  }

  /** Rows and columns of a matrix. */
  matrix(name: string): readonly [rows: number, columns: number] {
    const { shape } = this.#tensor(name);
    const [rows, columns] = shape;
    if (rows !== undefined && columns !== undefined && shape.length === 2) return [rows, columns];
    throw refusal(`Tensor ${quote(name)} should be a matrix, and has the shape ${shapeText(shape)}.`, { tensor: name });
  }

  /** Whether two tensors are the same to the bit. */
  equal(a: string, b: string): boolean {
    const [left, right] = [this.#tensor(a), this.#tensor(b)];
    if (left.dtype !== right.dtype || left.shape.join() !== right.shape.join()) return false;
    return left.data.every((byte, i) => byte === right.data[i]);
  }

  /** @throws AdaptiveError 'model-file' if it is missing, has another shape, or holds what is no weight */
  take(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.#tensor(name);
    if (tensor.shape.length !== shape.length || shape.some((size, i) => size !== tensor.shape[i])) {
      throw refusal(
        `Tensor ${quote(name)} should have the shape ${shapeText(shape)} beside the others, and has ` +
          `${shapeText(tensor.shape)}. A model of this kind cannot be put together from them.`,
        { tensor: name, expected: shapeText(shape), got: shapeText(tensor.shape) },
      );
    }
    const { dtype } = tensor;
    if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16' && dtype !== 'F64') {
      throw refusal(
        `Tensor ${quote(name)} holds ${dtype}, and weights are floating point numbers. Convert it to F32.`,
        {
          tensor: name,
          got: dtype,
        },
      );
    }
    this.#left.delete(name);
    const values = asFloat32(tensor);
    const bad = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    if (bad === 0) return values;
    throw refusal(
      `Tensor ${quote(name)} holds ${grouped(bad)} weights of ${grouped(values.length)} that are not finite numbers ` +
        '(NaN or infinity), as after a training that diverged. Use a copy from before that.',
      { tensor: name, count: bad, size: values.length },
    );
  }

  /** Refuses what was not taken; `what` is the kind of model that has no such tensors. */
  finish(what: string): void {
    const [first] = this.#left;
    if (first === undefined) return;
    const others = this.#left.size > 1 ? ` and ${grouped(this.#left.size - 1)} more` : '';
    throw refusal(
      `The file holds the tensor ${quote(first)}${others}, which ${what} does not have. ` +
        'If the model works without it, leave it out of the state dict; otherwise it is of a kind that is not read here.',
      { tensor: first, count: this.#left.size },
    );
  }

  #tensor(name: string): Tensor {
    const tensor = this.#tensors.get(name);
    if (tensor) return tensor;
    throw refusal(
      `The file lacks the tensor ${quote(name)}, which a model of this kind has. Store the whole state dict.`,
      {
        tensor: name,
      },
    );
  }
}

/** Whether embedding and decoder are one matrix: also where the file has it twice, or the decoder is left out (null). */
export function isTied(
  dict: StateDict,
  embedding: string,
  decoder: string | null,
  topSize: number | undefined,
): boolean {
  if (decoder === null) return true;
  return dict.matrix(embedding)[1] === topSize && dict.equal(embedding, decoder);
}

/** Whole words, with their dots, before all names. A name may be as long as a file, so each character is looked at once. */
function commonPrefix([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return '';
  let length = first.length;
  for (const name of others) {
    let same = 0;
    while (same < length && name[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, first.lastIndexOf('.', length - 1) + 1);
}
