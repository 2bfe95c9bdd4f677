/**
 * Adam (Kingma & Ba 2015, with L2 in the gradient) and AdamW (Loshchilov & Hutter 2019), with clipping by the norm of
 * the whole gradient. The arithmetic is the op `adam`; this writes its calls and its settings.
 */
import type { TrainingConfig } from '../core/config.js';
import type { ParameterLayout } from '../core/layout.js';
import { ProgramBuilder, shifted, type Program, type View } from '../core/program.js';
import { gradientBuffer, type Context } from './context.js';

export type OptimizerConfig = Pick<
  TrainingConfig,
  'optimizer' | 'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'clip'
>;

/** Writes norm and update of the whole. Ports: those of `writeAdam`, and `norm` [1], which is where `norm` is. */
export function writeUpdate(context: Context, optimizer: OptimizerConfig['optimizer'], norm: View): void {
  const { builder, layout } = context;
  const gradients = context.flatGradients();
  builder.call('norm', { x: gradients, norm }, { n: layout.length });
  builder.port('norm', norm, [1]);
  const flat = { parameters: context.flatParameters(), gradients, norm };
  writeAdam(builder, layout, optimizer, flat, { start: 0, end: layout.length });
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
    return shifted(sharedVector(builder, gradientBuffer(share), layout.length), start);
  });
  if (!sum) throw new TypeError('There is no share.');
  for (const x of others) builder.call('add', { x, y: sum }, { n });
  const norm = builder.matrix('norm', 1, 1);
  builder.call('norm', { x: sum, norm }, { n });
  builder.port('norm', norm, [1]);
  return builder.build();
}

/** The optimizer's step within a slice. Ports: those of `writeAdam`, and `norm` [1], which is that of the whole gradient. */
export function updateProgram(layout: ParameterLayout, optimizer: OptimizerConfig['optimizer'], slice: Slice): Program {
  const builder = new ProgramBuilder('update', 1);
  const norm = builder.matrix('norm', 1, 1);
  builder.port('norm', norm, [1]);
  const parameters = sharedVector(builder, 'parameters', layout.length);
  builder.port('parameters', parameters, [layout.length]);
  const gradients = sharedVector(builder, gradientBuffer(0), layout.length);
  writeAdam(builder, layout, optimizer, { parameters, gradients, norm }, slice);
  return builder.build();
}

/** What an update reads and writes besides its moments. */
interface Flat {
  readonly parameters: View;
  readonly gradients: View;
  /** [1], of the whole gradient. */
  readonly norm: View;
}

/** Ports: `settings` [8], `moment1`, `moment2`. */
function writeAdam(
  builder: ProgramBuilder,
  { length }: ParameterLayout,
  optimizer: OptimizerConfig['optimizer'],
  { parameters, gradients, norm }: Flat,
  { start, end }: Slice,
): void {
  const settings = builder.matrix('settings', 1, 8);
  const moment1 = sharedVector(builder, 'moment1', length);
  const moment2 = sharedVector(builder, 'moment2', length);
  builder.port('settings', settings, [8]);
  builder.port('moment1', moment1, [length]);
  builder.port('moment2', moment2, [length]);
  builder.call(
    'adam',
    {
      settings,
      norm,
      gradients: shifted(gradients, start),
      parameters: shifted(parameters, start),
      moment1: shifted(moment1, start),
      moment2: shifted(moment2, start),
    },
    { n: end - start, decoupled: optimizer === 'adamw' ? 1 : 0 },
  );
}

function sharedVector(builder: ProgramBuilder, name: string, length: number): View {
  return { buffer: builder.buffer(name, length, { scope: 'shared' }), offset: 0, stride: 0, ld: 0 };
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
