/** Feed-forward nets of adaptive layers: what can be configured, with ranges (paper section 3). */
import * as v from 'valibot';
import type { Activation } from './ops.js';
import { choice, flag, parse, settings, whole } from './parse.js';

const activationNames = ['identity', 'relu', 'tanh', 'sigmoid'] as const satisfies readonly Activation[];
const size = whole(1, 8192);

const layerSchema = settings({
  /** O. */
  outputSize: size,
  /**
   * What the policies scale. static: nothing; output: W x; input: x; io: both; sva: what lies between two matrices, W₂ and W₁
   * (singular value adaptation).
   */
  adaptation: choice(['static', 'output', 'input', 'io', 'sva']),
  /** R, the width between W₁ and W₂. Without meaning unless the adaptation is sva. */
  rank: v.optional(size, 1),
  /** linear: d = ψ(P x); feed-forward: d = ψ(P ReLU(Q x + q)). */
  policy: v.optional(choice(['linear', 'feed-forward']), 'linear'),
  /** K, the width of Q x + q. Without meaning unless the policy is feed-forward. */
  policyHiddenSize: v.optional(size, 1),
  /** ψ. */
  policyActivation: v.optional(choice(['identity', 'tanh', 'sigmoid']), 'identity'),
  /** Whether a policy scales the bias too. */
  adaptBias: v.optional(flag(), false),
  /** φ. */
  activation: v.optional(choice(activationNames), 'identity'),
});

const netSchema = settings({
  /** I of the first layer. */
  inputSize: size,
  layers: v.pipe(
    v.array(layerSchema, 'expected a list of layers'),
    v.minLength(1, 'expected at least 1 layer'),
    v.maxLength(16, 'expected at most 16 layers'),
  ),
});

/** One layer. Dims: I input, O output, R rank, K hidden size of the policy. */
export type AdaptiveLinearConfig = v.InferOutput<typeof layerSchema>;
export type AdaptiveLinearOptions = v.InferInput<typeof layerSchema>;

/** A net of layers, each reading what the one before gives. */
export type FeedForwardConfig = v.InferOutput<typeof netSchema>;

/** @throws AdaptiveError 'model-config' that names the field */
export function parseFeedForwardConfig(input: unknown): FeedForwardConfig {
  return parse('Feed-forward configuration', 'model-config', netSchema, input);
}
