/** Training steps on the GPU, by the wall clock. Checked: the losses are those of the WASM executor, and they fall. */
import { createGpuExecutor, type GpuExecutor, type GpuSource } from '../../gpu/webgpu.js';
import { trainingOperations } from '../operations.js';
import { figure, type Figure } from '../figure.js';
import { prepareTraining, type TrainingProblem } from '../page/training.js';
import { unlessTooLarge, type Allowance, type Missing, type Pace } from './allowance.js';
import { countLaunches } from './launches.js';
import { comparisonExecutor } from './problem.js';
import { trafficOf, type Traffic } from './traffic.js';

/** Steps whose losses are compared. */
const checked = 3;
/** Steps at least: checked, counted, timed. */
const rounds = checked + 2;
/** How far off a guess may be. */
const rough = 3;
const tolerance = 1e-3; // nats
const budget = 3; // s

export interface TrainingFigure extends Figure {
  /** Of one step. */
  readonly traffic: Traffic;
}

/** Tokens/s. */
export async function measureTraining(
  source: GpuSource,
  title: string,
  problem: TrainingProblem,
  allowance: Allowance,
  pace: Pace,
): Promise<TrainingFigure | Missing> {
  const tokens = problem.batch * problem.steps;
  const operations = tokens * trainingOperations(problem.config);
  // Roughly, from the model before, lest even a short step of this one takes too long.
  const foretold = pace.foretell(rounds * operations);
  if (foretold > rough * allowance.seconds) return { name: title, notMeasured: String(allowance.refusal(foretold)) };
  const executor = await createGpuExecutor({ source });
  try {
    return await unlessTooLarge(title, async () => {
      const seconds = await estimateStep(executor, problem);
      pace.record(operations, seconds);
      const refusal = allowance.refusal(rounds * seconds);
      if (refusal) return { name: title, notMeasured: refusal };
      const training = await prepareTraining(executor, problem, 1);
      await check(title, problem, () => training.step());
      const traffic = await trafficOf(() => training.step());
      const { dispatches } = await countLaunches(problem.config, problem, executor.gpu.style);
      if (traffic.dispatches !== dispatches) {
        throw new Error(`${title}: ${traffic.dispatches} dispatches a step, and ${dispatches} are expected.`);
      }
      const samples = await allowance.sample(() => timed(() => training.step()), budget);
      const speeds = samples.map((each) => tokens / each);
      return { ...figure(title, 'tokens/s', speeds), traffic };
    });
  } finally {
    executor.destroy();
  }
}

/** Seconds of a step of T, from one of a single step and one of three. */
async function estimateStep(executor: GpuExecutor, problem: TrainingProblem): Promise<number> {
  const short = async (steps: number) => {
    const training = await prepareTraining(executor, { ...problem, steps }, 1);
    return timed(() => training.step());
  };
  const [one, three] = [await short(1), await short(3)];
  return one + (Math.max(three - one, 0) / 2) * (problem.steps - 1);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** @throws if the losses are not WASM's, or do not fall */
async function check(title: string, problem: TrainingProblem, step: () => Promise<number>): Promise<void> {
  const other = await comparisonExecutor();
  try {
    const training = await prepareTraining(other, problem, other.usualThreads);
    let last = Infinity;
    for (let i = 0; i < checked; i++) {
      const [got, expected] = [await step(), await training.step()];
      if (!(Math.abs(got - expected) < tolerance && got < last)) {
        throw new Error(`${title}: the loss of step ${i + 1} is ${got}, WASM’s ${expected}, the one before ${last}.`);
      }
      last = got;
    }
  } finally {
    other.destroy();
  }
}
