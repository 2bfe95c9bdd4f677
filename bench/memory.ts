/**
 * What training holds beside weights, gradients and moments: activations, their gradients, and weights packed for scans.
 * That is decided when a Program is loaded, so nothing has to run.
 */
import { fewestWords, planMemory, tenantsOf } from '../core/memory-plan.js';
import type { Program } from '../core/program.js';
import { trainingProgram } from '../model/language-model.js';
import { planPacking } from '../worker/pack-weights.js';
import { configurationNames, configurations, modelConfig, models } from './configurations.js';
import { figure, type Figure } from './figure.js';

const elementBytes = 4;
const alignment = 16; // elements, as in the WASM executor

export interface MemoryFigure {
  readonly figure: Figure;
  /** The most that is alive at once: no way to share takes less. */
  readonly fewest: number;
  /** What buffers that share nothing would take. */
  readonly apart: number;
}

/** Bytes of the training Programs of all models, on one thread. */
export function measureMemory(): MemoryFigure[] {
  return configurationNames.flatMap((name) =>
    models.map((model) => {
      const { batch, steps } = configurations[name];
      const program = trainingProgram(modelConfig(name, model), { batch, maxSteps: steps, optimizer: 'adam' });
      const { held, fewest, apart } = memoryOf(program);
      return { figure: figure(`memory of training ${model} ${name}`, 'B', [held]), fewest, apart };
    }),
  );
}

function memoryOf(program: Program): { readonly held: number; readonly fewest: number; readonly apart: number } {
  const packed = [...planPacking(program).values()].map(({ room }) => room);
  const tenants = tenantsOf(program);
  const local = program.buffers.map(({ scope, length }) => (scope === 'local' ? length : 0));
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  const own = sum(local.filter((_, buffer) => !tenants.has(buffer)));
  const room = Math.max(0, ...packed.map(({ words }) => words));
  return {
    held: elementBytes * (own + planMemory(program, alignment, packed).words),
    fewest: elementBytes * (own + fewestWords([...tenants.values(), ...packed], alignment)),
    apart: elementBytes * (sum(local) + room),
  };
}
