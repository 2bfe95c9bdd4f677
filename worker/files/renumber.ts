/** A model whose tokens go by other ids: rows of the embedding and of the decoder change places. */
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import { languageModelLayout } from '../../core/parameters.js';

interface Weights {
  readonly config: ModelConfig;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
}

/** How much less likely than the least likely token one is that the model has never seen, in nats. */
const unheardOf = 20;

/**
 * `sources` has for each new id the old one; null is a token that the model does not have: it is read as the mean of all
 * others, and not written.
 */
export function renumber({ config, parameters }: Weights, sources: readonly (number | null)[]): Weights {
  const renumbered = parseModelConfig({ ...config, vocabularySize: sources.length });
  const [before, after] = [languageModelLayout(config), languageModelLayout(renumbered)];
  const into = new Float32Array(after.length);
  for (const { name, shape, offset } of after.entries) {
    const old = before.entry(name);
    const values = parameters.subarray(old.offset, old.offset + old.size);
    if (/^(embedding|decoder)\./.test(name)) {
      const width = shape[1] ?? 1;
      const fallback =
        name === 'decoder.bias'
          ? Float32Array.of(values.reduce((least, value) => Math.min(least, value)) - unheardOf)
          : meanRow(values, width);
      sources.forEach((source, row) => {
        const from = source === null ? fallback : values.subarray(source * width, (source + 1) * width);
        into.set(from, offset + row * width);
      });
    } else {
      into.set(values, offset);
    }
  }
  return { config: renumbered, parameters: into };
}

function meanRow(values: Float32Array, width: number): Float32Array {
  const mean = new Float64Array(width);
  values.forEach((value, i) => (mean[i % width] = (mean[i % width] ?? 0) + value));
  return Float32Array.from(mean, (sum) => (sum * width) / values.length);
}
