/**
 * Adam (Kingma & Ba 2015, with L2 in the gradient) and AdamW (Loshchilov & Hutter 2019), with clipping by the norm of
 * the whole gradient. The arithmetic is the op `adam`; this writes its calls and its settings.
 */
import type { TrainingConfig } from '../core/config.js';
import type { Context } from './context.js';

export type OptimizerConfig = Pick<
  TrainingConfig,
  'optimizer' | 'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'clip'
>;

/** Writes norm and update. Ports: `settings` [8], `norm` [1], `moment1`, `moment2`. */
export function writeUpdate(context: Context, optimizer: OptimizerConfig['optimizer']): void {
  const { builder, layout } = context;
  const n = layout.length;
  const settings = builder.matrix('settings', 1, 8);
  const norm = builder.matrix('norm', 1, 1);
  const moment1 = context.flat(builder.buffer('moment1', n, { scope: 'shared' }));
  const moment2 = context.flat(builder.buffer('moment2', n, { scope: 'shared' }));
  builder.port('settings', settings, [8]);
  builder.port('norm', norm, [1]);
  builder.port('moment1', moment1, [n]);
  builder.port('moment2', moment2, [n]);
  const gradients = context.flatGradients();
  builder.call('norm', { x: gradients, norm }, { n });
  builder.call(
    'adam',
    { settings, norm, gradients, parameters: context.flatParameters(), moment1, moment2 },
    { n, decoupled: optimizer === 'adamw' ? 1 : 0 },
  );
}

/**
 * The settings of optimizer step `step` (1, 2, …), for the port `settings`.
 * The bias corrections 1 − βᵗ are formed in float64 here, where they do not cancel.
 */
export function updateSettings(
  { beta1, beta2, epsilon, weightDecay, clip }: OptimizerConfig,
  learningRate: number,
  step: number,
  into: Float32Array | Float64Array,
): void {
  into[0] = learningRate;
  into[1] = beta1;
  into[2] = beta2;
  into[3] = epsilon;
  into[4] = weightDecay;
  into[5] = 1 - beta1 ** step;
  into[6] = 1 - beta2 ** step;
  into[7] = clip;
}
