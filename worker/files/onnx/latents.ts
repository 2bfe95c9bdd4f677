/** The latents as ONNX graphs (docs/math/latent-cell.md), one step each: from v = [x; h′; ζ] to z, whose name comes back. */
import type { ModelConfig } from '../../../core/config.js';
import { writeGates, type CellStep } from './cells.js';
import type { GraphWriter } from './graph-writer.js';

export interface LatentStep extends Pick<CellStep, 'prefix' | 'weight' | 'state'> {
  /** v [B, I + H (+ A)] */
  readonly seen: string;
  /** Whether the next token reads z although it has no memory of its own. */
  readonly feedsNextToken: boolean;
}

export function writeLatent(writer: GraphWriter, { latent, latentSize }: ModelConfig, step: LatentStep): string {
  const { prefix, seen, weight, state } = step;
  if (latent === 'recurrent') {
    const ofSeen = writer.product(seen, weight('weight_ih'), weight('bias'), `${prefix}.inputPart`);
    const u = writer.product(state('z').before, weight('weight_hh'), ofSeen, `${prefix}.gates`);
    return writeGates(writer, u, latentSize, step, { output: 'z', memory: 'zc' });
  }
  const product = writer.product(seen, weight('weight'), weight('bias'), `${prefix}.product`);
  const z = step.feedsNextToken ? state('z').after : `${prefix}.z`;
  return writer.call(latent === 'linear' ? 'Identity' : 'Relu', [product], z);
}
