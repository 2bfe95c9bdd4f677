/** State dicts as PyTorch's modules of given sizes have them, and changed ones. */
import { Random } from '../../../core/random.js';
import {
  readSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type Tensor,
} from '../../../worker/files/safetensors.js';
import { float32Tensor } from '../../../worker/files/tensor.js';

const random = new Random(3, 0);

export function randomTensor(name: string, ...shape: number[]): Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return float32Tensor(
    name,
    shape,
    Float32Array.from({ length: size }, () => 2 * random.next() - 1),
  );
}

export function fileOf(tensors: Iterable<Tensor>, metadata: Readonly<Record<string, string>> = {}): SafetensorsFile {
  return readSafetensors(writeSafetensors({ metadata, tensors }));
}

export interface PlainSizes {
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: readonly number[];
  /** Rows for each hidden unit: 4 of an LSTM. */
  readonly gates?: number;
}

/** Names of PyTorch's word_language_model example. */
export function plainTensors({ vocabulary, embedding, hidden, gates = 4 }: PlainSizes): Tensor[] {
  const layers = hidden.flatMap((size, l) => [
    randomTensor(`rnn.weight_ih_l${l}`, gates * size, hidden[l - 1] ?? embedding),
    randomTensor(`rnn.weight_hh_l${l}`, gates * size, size),
    randomTensor(`rnn.bias_ih_l${l}`, gates * size),
    randomTensor(`rnn.bias_hh_l${l}`, gates * size),
  ]);
  return [
    randomTensor('encoder.weight', vocabulary, embedding),
    ...layers,
    randomTensor('decoder.weight', vocabulary, hidden.at(-1) ?? embedding),
    randomTensor('decoder.bias', vocabulary),
  ];
}

export const renamed = (tensors: readonly Tensor[], rename: (name: string) => string): Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, name: rename(tensor.name) }));

export const without = (tensors: readonly Tensor[], ...names: readonly string[]): Tensor[] =>
  tensors.filter(({ name }) => !names.includes(name));

export const replaced = (tensors: readonly Tensor[], tensor: Tensor): Tensor[] =>
  tensors.map((other) => (other.name === tensor.name ? tensor : other));
