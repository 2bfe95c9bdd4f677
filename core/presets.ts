/** Sizes to choose from by name, for readers who would rather not think about H and A. */
import type { ModelConfig } from './config.js';

export const sizePresets = {
  /** About 0.1 M parameters: learns a page of text in a minute or two. */
  small: { embeddingSize: 48, hiddenSizes: [96], latentSize: 16 },
  /** About 0.5 M parameters. */
  medium: { embeddingSize: 96, hiddenSizes: [256], latentSize: 32 },
  /** About 2.2 M parameters: wants a megabyte of text and an hour. */
  large: { embeddingSize: 128, hiddenSizes: [384, 256], latentSize: 48 },
} as const;

export type SizePreset = keyof typeof sizePresets;

export function isSizePreset(name: string): name is SizePreset {
  return Object.hasOwn(sizePresets, name);
}

/** The preset's whole configuration for a vocabulary of `vocabularySize`. */
export function presetConfig(preset: SizePreset, vocabularySize: number): ModelConfig {
  const { hiddenSizes, ...sizes } = sizePresets[preset];
  return {
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    tiedDecoder: false,
    vocabularySize,
    ...sizes,
    hiddenSizes: [...hiddenSizes],
  };
}
