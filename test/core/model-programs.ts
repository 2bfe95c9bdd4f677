/** Programs of models of all kinds, small enough to be walked through. */
import fc from 'fast-check';
import type { Program } from '../../core/program.js';
import { evaluationProgram, generationProgram, trainingProgram } from '../../model/language-model.js';
import { anyScenario, scenarios } from '../worker/scenarios.js';

export interface NamedProgram {
  readonly name: string;
  readonly program: Program;
}

export function modelPrograms(): NamedProgram[] {
  const chosen = Object.entries(scenarios);
  const random = fc
    .sample(anyScenario, { seed: 1, numRuns: 10 })
    .map((scenario, i) => [`random ${i}`, scenario] as const);
  return [...chosen, ...random].flatMap(([name, { config, dropout, optimizer, batch, segments }]) => {
    const shape = { batch, maxSteps: Math.max(...segments) };
    return [
      trainingProgram(config, { ...shape, dropout, optimizer }),
      trainingProgram(config, { ...shape, share: { index: 1, first: 2, of: batch + 2 } }),
      evaluationProgram(config, shape),
      evaluationProgram(config, { ...shape, openLogits: true }),
      generationProgram(config, shape.maxSteps),
    ].map((program) => ({ name: `${program.name} of ${name}`, program }));
  });
}
