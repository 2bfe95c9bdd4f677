/** A model before its first step: the size that was asked for, over the tokenizer's vocabulary, with random weights. */
import { parseModelConfig, type ModelConfig } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import { isSizePreset, presetConfig } from '../core/presets.js';
import type { TrainingRequest } from '../core/protocol.js';
import type { Tokenizer } from '../core/tokenizer.js';
import { initialise } from '../model/initialise.js';
import { languageModelLayout } from '../core/parameters.js';
import type { EngineModel } from './engine.js';

/** @throws AdaptiveError 'invalid-option', 'model-config' */
export function newModel(request: TrainingRequest, tokenizer: Tokenizer): EngineModel {
  const config = newModelConfig(request, tokenizer.size);
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  initialise(layout, request.options.seed ?? 1, parameters);
  return { config, tokenizer, title: '', parameters, validationLoss: null };
}

function newModelConfig({ start }: TrainingRequest, vocabularySize: number): ModelConfig {
  if (start.kind !== 'new') throw new TypeError('A new model was not asked for.');
  if (typeof start.size !== 'string') return parseModelConfig({ ...start.size, vocabularySize });
  if (isSizePreset(start.size)) return presetConfig(start.size, vocabularySize);
  throw new AdaptiveError('invalid-option', `Size: expected small, medium or large, got ${String(start.size)}.`);
}
