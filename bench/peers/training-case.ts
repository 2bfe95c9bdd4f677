/** What the libraries train: configuration S with our weights and ids. Each must reach the losses that ours reaches. */
import type { ParameterEntry } from '../../core/layout.js';
import type { Model } from '../configurations.js';
import { figure, type Figure } from '../figure.js';
import { Allowance } from '../gpu/allowance.js';
import { ourExecutor } from '../page/executor.js';
import { prepareTraining, trainingProblem, type Training, type TrainingProblem } from '../page/training.js';
import type { PeerBackend } from './protocol.js';

/** Steps whose losses are compared. */
const checked = 3;
const tolerance = 1e-3; // nats
const budget = 2; // s
/** A step on an adapter that computes on the CPU takes up to half a minute: then there are fewer samples than three. */
const allowances = { wasm: new Allowance(Infinity), webgpu: new Allowance(120) } as const;

export interface Weight extends ParameterEntry {
  readonly values: Float32Array;
}

export function weightsOf({ layout, parameters }: TrainingProblem): Weight[] {
  return layout.entries.map((entry) => ({
    ...entry,
    values: parameters.slice(entry.offset, entry.offset + entry.size),
  }));
}

/** Tokens/s of `prepare`'s training of an S model, once its losses are right: those of ours on WASM. */
export async function measurePeerTraining(
  model: Model,
  backend: PeerBackend,
  prepare: (problem: TrainingProblem) => Promise<Training>,
): Promise<Figure> {
  const problem = trainingProblem('S', model);
  const expected = await ourLosses(problem);
  const training = await prepare(problem);
  for (const [index, loss] of expected.entries()) {
    const got = await training.step();
    if (!(Math.abs(got - loss) < tolerance)) {
      throw new Error(`The loss of step ${index + 1} is ${got}, and ours is ${loss}.`);
    }
  }
  const once = async () => {
    const started = performance.now();
    await training.step();
    return (performance.now() - started) / 1000;
  };
  const samples = await allowances[backend].sample(once, budget);
  return figure(
    `training ${model} S`,
    'tokens/s',
    samples.map((seconds) => (problem.batch * problem.steps) / seconds),
  );
}

/** @throws if they do not fall. */
async function ourLosses(problem: TrainingProblem): Promise<number[]> {
  const executor = await ourExecutor();
  const training = await prepareTraining(executor, problem, 1);
  const losses: number[] = [];
  for (let i = 0; i < checked; i++) losses.push(await training.step());
  executor.destroy();
  if (losses.some((loss, i) => !(loss < (losses[i - 1] ?? Infinity)))) {
    throw new Error(`Our own losses do not fall: ${losses.join(', ')}.`);
  }
  return losses;
}
