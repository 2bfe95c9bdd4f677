import { AdaptiveError } from './errors.js';
import { precisions, type Precision } from './precision.js';

/** The kinds of files that a model can be handed out in, and those that it can come from beside its own. */
export const exportFormats = ['safetensors', 'onnx', 'pytorch'] as const;

/**
 * 'safetensors': the project's own, with all that belongs to the model. 'onnx': one token as a graph, for ONNX Runtime and its
 * like. 'pytorch': a state dict in safetensors, with the names of the author's code.
 */
export type ExportFormat = (typeof exportFormats)[number];

export const importFormats = ['pytorch', 'lstm'] as const;

/** 'pytorch': names of the author's code, and what was exported so. 'lstm': a plain recurrent language model of PyTorch. */
export type ImportFormat = (typeof importFormats)[number];

/** @throws AdaptiveError 'invalid-option' for a precision that is none, or that the format does not have */
export function checkPrecision(format: ExportFormat, precision: Precision): void {
  if (!precisions.includes(precision)) {
    throw new AdaptiveError(
      'invalid-option',
      `precision: expected f32, f16 or int8, got ${JSON.stringify(precision)}.`,
    );
  }
  if (format === 'pytorch' && precision === 'int8') {
    throw new AdaptiveError('invalid-option', 'precision: PyTorch modules have no weights of 8 bits; take f32 or f16.');
  }
}
