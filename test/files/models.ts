/** Random small models of every kind that there is, for files of other formats. */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { languageModelLayout } from '../../core/parameters.js';
import { Random } from '../../core/random.js';

type Shape = Pick<ModelConfig, 'vocabularySize' | 'embeddingSize' | 'hiddenSizes' | 'latentSize' | 'tiedDecoder'>;

/** By the number of layers; odd sizes, all different but where a decoder is tied. */
const shapes: readonly Shape[] = [
  { vocabularySize: 11, embeddingSize: 5, hiddenSizes: [7], latentSize: 3, tiedDecoder: false },
  { vocabularySize: 13, embeddingSize: 6, hiddenSizes: [9, 6], latentSize: 4, tiedDecoder: true },
  { vocabularySize: 10, embeddingSize: 4, hiddenSizes: [5, 7, 6], latentSize: 2, tiedDecoder: false },
];

/** Every cell × adaptation × latent × policyOffset, each in every shape. */
export function* everyKind(): Generator<ModelConfig> {
  for (const cell of ['lstm', 'gru', 'rnn'] as const) {
    for (const shape of shapes) yield parseModelConfig({ cell, adaptation: 'static', latent: 'linear', ...shape });
    for (const adaptation of ['output', 'input', 'io'] as const) {
      for (const latent of ['linear', 'feed-forward', 'recurrent'] as const) {
        for (const policyOffset of [0, 1]) {
          for (const shape of shapes) yield parseModelConfig({ cell, adaptation, latent, policyOffset, ...shape });
        }
      }
    }
  }
}

export function kindName({
  cell,
  adaptation,
  latent,
  policyOffset = 0,
  hiddenSizes,
  tiedDecoder,
}: ModelConfig): string {
  const adapted = adaptation === 'static' ? adaptation : `${adaptation}, ${latent} from ${policyOffset}`;
  return `${cell}, ${adapted}, ${hiddenSizes.length} layers${tiedDecoder ? ', tied' : ''}`;
}

/** Weights so large that every part of a model has its say in the logits: policies far from 0, gates not all half open. */
export function randomWeights(config: ModelConfig, seed = 1): Float32Array {
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  const random = new Random(seed, 0);
  for (const { shape, offset, size } of layout.entries) {
    const bound = shape.length === 2 ? 2 / Math.sqrt(shape.at(-1) ?? 1) : 1;
    for (let i = offset; i < offset + size; i++) parameters[i] = bound * (2 * random.next() - 1);
  }
  return parameters;
}
