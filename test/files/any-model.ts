/** Models of any configuration with any tokenizer, and tensors of any name, format and shape, for properties of files. */
import fc from 'fast-check';
import { writeBpe } from '../../core/bpe.js';
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { languageModelLayout } from '../../core/parameters.js';
import { tokenizerSize, type TokenizerSpec } from '../../core/tokenizer.js';
import type { ModelFileContent } from '../../worker/files/model-file.js';
import { dtypes, isDtype, type Tensor } from '../../worker/files/tensor.js';

/** `__metadata__` and `__proto__` are no names. */
export const anyName = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.startsWith('__'));

export const anyTensor: fc.Arbitrary<Tensor> = fc
  .record({
    name: anyName,
    dtype: fc.constantFrom(...Object.keys(dtypes).filter(isDtype)),
    shape: fc.array(fc.nat({ max: 5 }), { maxLength: 4 }),
  })
  .chain(({ name, dtype, shape }) => {
    const size = shape.reduce((product, dim) => product * dim, dtypes[dtype].bytes);
    return fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((data) => ({ name, dtype, shape, data: Uint8Array.from(data) }));
  });

export const anyContent = fc.record({
  metadata: fc.array(fc.tuple(anyName, fc.string({ unit: 'binary' }))).map((entries) => Object.fromEntries(entries)),
  tensors: fc.uniqueArray(anyTensor, { selector: ({ name }) => name, maxLength: 12 }),
});

const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/[\p{White_Space}\p{Surrogate}]/u.test(text));

const anyTokenizer: fc.Arbitrary<TokenizerSpec> = fc.oneof(
  fc.constant<TokenizerSpec>({ kind: 'bytes' }),
  fc
    .uniqueArray(character, { minLength: 1, maxLength: 40 })
    .map((all) => ({ kind: 'characters' as const, alphabet: all.join('') })),
  fc
    .uniqueArray(word, { minLength: 1, maxLength: 20 })
    .map((all) => ({ kind: 'words' as const, words: all.join(' ') })),
  fc
    .record({
      pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 }),
      specials: fc.uniqueArray(word, { maxLength: 3 }),
    })
    .map(({ pairs, specials }) =>
      writeBpe({
        merges: Uint16Array.from(pairs.flatMap((pair, rank) => pair.map((token) => token % (256 + rank)))),
        specials,
        ids: Uint16Array.from({ length: 256 + pairs.length + specials.length }, (_, id) => id),
      }),
    ),
);

const size = fc.integer({ min: 1, max: 6 });

function anyConfig(vocabularySize: number): fc.Arbitrary<ModelConfig> {
  return fc
    .record({
      cell: fc.constantFrom('lstm', 'gru', 'rnn'),
      adaptation: fc.constantFrom('static', 'output', 'input', 'io'),
      latent: fc.constantFrom('linear', 'feed-forward', 'recurrent'),
      policyOffset: fc.constantFrom(0, 1, undefined),
      embeddingSize: size,
      hiddenSizes: fc.array(size, { minLength: 1, maxLength: 4 }),
      latentSize: size,
      tiedDecoder: fc.boolean(),
    })
    .map(({ policyOffset, hiddenSizes, ...shape }) =>
      parseModelConfig({
        ...shape,
        ...(policyOffset === undefined ? {} : { policyOffset }),
        hiddenSizes: shape.tiedDecoder ? [...hiddenSizes.slice(1), shape.embeddingSize] : hiddenSizes,
        vocabularySize,
      }),
    );
}

/** JSON has no −0. */
function withoutMinusZero(value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return copy;
}

/** Weights of all magnitudes, up to `most`, in every place that a parameter has; −0 is none, since sums lose it. */
export function anyModel(most: number): fc.Arbitrary<Required<Omit<ModelFileContent, 'precision'>>> {
  const weight = fc.float({ min: Math.fround(-most), max: Math.fround(most), noNaN: true }).map((value) => value + 0);
  const validationLoss = fc.option(fc.double({ min: 0, max: 100, noNaN: true }).map((loss) => loss + 0));
  return fc
    .record({
      tokenizer: anyTokenizer,
      title: fc.string({ unit: 'binary' }),
      validationLoss,
      training: fc.option(fc.jsonValue({ maxDepth: 2 }).map((value) => ({ value: withoutMinusZero(value) }))),
      pattern: fc.array(weight, { minLength: 1, maxLength: 50 }),
    })
    .chain(({ tokenizer, pattern, ...rest }) =>
      anyConfig(tokenizerSize(tokenizer)).map((config) => {
        const layout = languageModelLayout(config);
        const parameters = new Float32Array(layout.length);
        for (const { offset, size } of layout.entries) {
          for (let i = 0; i < size; i++) parameters[offset + i] = pattern[(offset + i * i) % pattern.length] ?? 0;
        }
        return { ...rest, tokenizer, config, parameters };
      }),
    );
}
