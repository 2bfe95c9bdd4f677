/**
 * Adam (Kingma & Ba 2015, with L2 in the gradient) and AdamW (Loshchilov & Hutter 2019), with clipping by the norm of
 * the whole gradient. The arithmetic is the op `adam`; this writes its calls and its settings.
 */
import type { TrainingConfig } from '../core/config.js';
import type { ParameterLayout } from '../core/layout.js';
import { ProgramBuilder, shifted, type Program } from '../core/program.js';
import { gradientBuffer, type Context } from './context.js';

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

/** Elements `start` up to, not including, `end` of the flat buffers. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Cuts the flat buffers into `count` slices of about one length, each from the start of a cache line. */
export function slices(layout: ParameterLayout, count: number): Slice[] {
  const line = 16; // elements
  const lines = Math.ceil(layout.length / line);
  const cut = (i: number) => Math.min(layout.length, Math.floor((lines * i) / count) * line);
  return Array.from({ length: count }, (_, i) => ({ start: cut(i), end: cut(i + 1) }));
}

/** Adds the gradients of all shares up within a slice. Port: `norm` [1], that of the slice alone. */
export function reductionProgram(layout: ParameterLayout, shares: number, { start, end }: Slice): Program {
  const builder = new ProgramBuilder('reduction', 1);
  const n = end - start;
  const [sum, ...others] = Array.from({ length: shares }, (_, share) => {
    const buffer = builder.buffer(gradientBuffer(share), layout.length, { scope: 'shared' });
    return { buffer, offset: start, stride: 0, ld: 0 };
  });
  if (!sum) throw new TypeError('There is no share.');
  for (const x of others) builder.call('add', { x, y: sum }, { n });
  const norm = builder.matrix('norm', 1, 1);
  builder.call('norm', { x: sum, norm }, { n });
  builder.port('norm', norm, [1]);
  return builder.build();
}

/** The optimizer's step within a slice. Ports: `settings` [8], `norm` [1] (of the whole gradient), the flat buffers. */
export function updateProgram(
  layout: ParameterLayout,
  optimizer: OptimizerConfig['optimizer'],
  { start, end }: Slice,
): Program {
  const builder = new ProgramBuilder('update', 1);
  const flat = (name: string) => {
    const whole = { buffer: builder.buffer(name, layout.length, { scope: 'shared' }), offset: 0, stride: 0, ld: 0 };
    builder.port(name, whole, [layout.length]);
    return shifted(whole, start);
  };
  const settings = builder.matrix('settings', 1, 8);
  const norm = builder.matrix('norm', 1, 1);
  builder.port('settings', settings, [8]);
  builder.port('norm', norm, [1]);
  const [parameters, gradients] = [flat('parameters'), flat(gradientBuffer(0))];
  const [moment1, moment2] = [flat('moment1'), flat('moment2')];
  builder.call(
    'adam',
    { settings, norm, gradients, parameters, moment1, moment2 },
    { n: end - start, decoupled: optimizer === 'adamw' ? 1 : 0 },
  );
  return builder.build();
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
