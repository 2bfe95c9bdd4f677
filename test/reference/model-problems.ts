/** Whole models as problems for finite differences: masks are a function of seed and step, so each run drops the same. */
import type { Dropout, ModelConfig } from '../../core/config.js';
import type { FeedForwardConfig } from '../../core/feed-forward-config.js';
import { feedForwardLayout } from '../../core/feed-forward-parameters.js';
import { ParameterLayout } from '../../core/layout.js';
import type { Program } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { Context } from '../../model/context.js';
import { feedForwardTraining, type FeedForwardOptions } from '../../model/feed-forward-net.js';
import { trainingProgram } from '../../model/language-model.js';
import { languageModelLayout, stackParameters, type StackConfig } from '../../core/parameters.js';
import { recurrentStack, type StackDropout } from '../../model/recurrent-stack.js';
import type { Differentiable, Element } from './finite-difference.js';

const [B, T] = [2, 4];

export interface ModelProblem {
  readonly problem: Differentiable;
  /** Some numbers of every tensor. */
  readonly elements: readonly Element[];
}

/** Layers over x [T, B, I], with loss Σ dy ⊙ y. */
export function recurrentProblem(config: StackConfig, inputSize: number, dropout: StackDropout): ModelProblem {
  const layout = new ParameterLayout(stackParameters(config, inputSize));
  // Room for more steps than are run, so that a slot that is counted from the wrong end is found.
  const context = new Context({ name: 'recurrent', layout, batch: B, maxSteps: T + 2, training: true });
  const { builder, rows } = context;
  const [x, dx] = [builder.stack('x', B, inputSize), builder.stack('dx', B, inputSize)];
  const dy = builder.stack('dy', B, config.hiddenSizes.at(-1) ?? 0);
  context.clearGradients();
  const stack = recurrentStack(context, config, x, dropout);
  stack.forward();
  stack.backward(dy, dx);
  stack.carry();
  const { stack: y, slot } = stack.output;
  builder.port('x', x.all(), [rows, x.width]);
  builder.port('dx', dx.all(), [rows, dx.width]);
  builder.port('dy', dy.all(), [rows, dy.width]);
  builder.port('y', y.all(slot), [rows, y.width]);
  const random = new Random(21, 1);
  const inputs = { x: numbers(random, T * B * x.width), dy: numbers(random, T * B * dy.width) };
  return modelProblem(builder.build(), layout, random, inputs, { outputs: { y: 'dy' }, gradients: { x: 'dx' } });
}

export function languageModelProblem(config: ModelConfig, dropout: Dropout): ModelProblem {
  const random = new Random(22, 1);
  const tokens = () => Int32Array.from({ length: T * B }, () => Math.floor(random.next() * config.vocabularySize));
  const program = trainingProgram(config, { batch: B, maxSteps: T + 2, dropout });
  const inputs = { ids: tokens(), targets: tokens() };
  return modelProblem(program, languageModelLayout(config), random, inputs, { outputs: { loss: null }, gradients: {} });
}

/** A net of feed-forward layers under its loss. */
export function feedForwardProblem(config: FeedForwardConfig, loss: FeedForwardOptions['loss']): ModelProblem {
  const random = new Random(23, 1);
  const outputSize = config.layers.at(-1)?.outputSize ?? 0;
  const program = feedForwardTraining(config, { examples: T + 2, loss });
  const targets =
    loss === 'cross-entropy'
      ? Int32Array.from({ length: T }, () => Math.floor(random.next() * outputSize))
      : numbers(random, T * outputSize);
  const inputs = { x: numbers(random, T * config.inputSize), targets };
  return modelProblem(program, feedForwardLayout(config), random, inputs, { outputs: { loss: null }, gradients: {} });
}

/** Adds what all models have: parameters, the state before the segment, the seed of the masks. */
function modelProblem(
  program: Program,
  layout: ParameterLayout,
  random: Random,
  inputs: Differentiable['inputs'],
  { outputs, gradients }: Pick<Differentiable, 'outputs' | 'gradients'>,
): ModelProblem {
  const states = [...program.ports.keys()].filter((name) => name.startsWith('state.'));
  const problem: Differentiable = {
    program,
    steps: T,
    inputs: {
      ...inputs,
      parameters: numbers(random, layout.length),
      ...(program.ports.has('random') ? { random: Int32Array.of(11, 3) } : {}),
      ...Object.fromEntries(states.map((name) => [name, numbers(random, B * (program.ports.get(name)?.view.ld ?? 0))])),
    },
    outputs,
    gradients: {
      ...gradients,
      parameters: 'gradients',
      ...Object.fromEntries(states.map((name) => [name, `d${name}`])),
    },
  };
  const tensors = [
    ...layout.entries.map(({ name, offset, size }) => ({ name, port: 'parameters', offset, size })),
    ...[...Object.keys(gradients), ...states].map((port) => ({
      name: port,
      port,
      offset: 0,
      size: problem.inputs[port]?.length ?? 0,
    })),
  ];
  return { problem, elements: tensors.flatMap((tensor) => some(random, tensor)) };
}

const most = 12;

/** Up to a dozen numbers of one tensor, at random. */
function some(
  random: Random,
  { name, port, offset, size }: { name: string; port: string; offset: number; size: number },
): Element[] {
  const chosen = new Set(
    size <= most
      ? Array.from({ length: size }, (_, i) => i)
      : Array.from({ length: most }, () => Math.floor(random.next() * size)),
  );
  return [...chosen].map((i) => ({ port, index: offset + i, name: `${name}[${i}]` }));
}

function numbers(random: Random, length: number): Float64Array {
  return Float64Array.from({ length }, () => 1.5 * (2 * random.next() - 1));
}
