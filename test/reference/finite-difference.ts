/** Gradients that a Program forms, against central differences of what it computes, in float64. */
import type { Runner } from '../../core/executor.js';
import { elementsAt, type Program } from '../../core/program.js';
import { createReferenceExecutor } from './executor.js';

/** A Program as a function of its ports, with the gradient that it claims to have. */
export interface Differentiable {
  readonly program: Program;
  readonly steps: number;
  /** Written before every run: operands, seeds, ids, and zeros where the Program only adds. */
  readonly inputs: Readonly<Record<string, Float64Array | Int32Array>>;
  /**
   * The loss is Σ seed ⊙ output over these ports. The value names the port whose input is the seed; null is a seed of 1.
   * An operand whose gradient is added to is an output as well: what was there is the gradient of its other uses.
   */
  readonly outputs: Readonly<Record<string, string | null>>;
  /** For an input, the port in which its gradient stands after a run. */
  readonly gradients: Readonly<Record<string, string>>;
}

/** One number to vary. */
export interface Element {
  readonly port: string;
  readonly index: number;
  readonly name: string;
}

export interface GradientReport {
  readonly error: number;
  readonly where: string;
  readonly count: number;
}

// Truncation grows with its square (1e-11), cancellation with its inverse (2e-11 for a loss of order 1).
const delta = 5e-6;
/** Below this the difference itself has no digits left to compare with. */
const smallest = 1e-3;

/** Every number of every input that has a gradient. */
export function everyElement({ inputs, gradients }: Differentiable): Element[] {
  return Object.keys(gradients).flatMap((port) =>
    Array.from(inputs[port] ?? [], (_, index) => ({ port, index, name: `${port}[${index}]` })),
  );
}

/** The worst relative error of the gradients of `elements`. */
export async function checkGradients(
  problem: Differentiable,
  elements: readonly Element[] = everyElement(problem),
): Promise<GradientReport> {
  const executor = createReferenceExecutor();
  const runner = await executor.load(problem.program);
  await loss(problem, runner);
  const claimed = new Map<string, Float64Array>();
  for (const [input, port] of Object.entries(problem.gradients)) {
    claimed.set(input, await readPort(runner, port, problem.steps));
  }
  let worst = { error: 0, where: 'nowhere' };
  for (const { port, index, name } of elements) {
    const expected = await slope(problem, runner, port, index);
    const got = claimed.get(port)?.[index] ?? NaN;
    const error = Math.abs(got - expected) / Math.max(Math.abs(expected), smallest);
    // Written so that NaN is the worst of all.
    if (!(error <= worst.error)) worst = { error, where: `${name}: gradient ${got}, difference ${expected}` };
    if (Number.isNaN(error)) break;
  }
  executor.destroy();
  return { ...worst, count: elements.length };
}

async function slope(problem: Differentiable, runner: Runner, port: string, index: number): Promise<number> {
  const values = problem.inputs[port];
  const before = values?.[index];
  if (!values || before === undefined) throw new RangeError(`no ${port}[${index}] to vary`);
  values[index] = before + delta;
  const above = await loss(problem, runner);
  values[index] = before - delta;
  const below = await loss(problem, runner);
  values[index] = before;
  return (above - below) / (2 * delta);
}

async function loss({ inputs, outputs, steps }: Differentiable, runner: Runner): Promise<number> {
  for (const [port, values] of Object.entries(inputs)) runner.write(port, values);
  runner.run(steps);
  let sum = 0;
  for (const [port, seedPort] of Object.entries(outputs)) {
    const values = await readPort(runner, port, steps);
    const seed = seedPort === null ? values.map(() => 1) : inputs[seedPort];
    values.forEach((value, i) => (sum += value * (seed?.[i] ?? NaN)));
  }
  return sum;
}

async function readPort(runner: Runner, port: string, steps: number): Promise<Float64Array> {
  const shape = runner.program.ports.get(port)?.shape ?? [];
  return runner.read(port, new Float64Array(elementsAt(shape, steps)));
}
