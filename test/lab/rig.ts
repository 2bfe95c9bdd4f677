/** Experiments on the real WASM backend, with made-up digits: small enough for every test run. */
import { AdaptiveError } from '../../core/errors.js';
import type { AnyFrame, Experiment, Laboratory } from '../../lab/experiment.js';
import { experiment, type ExperimentName } from '../../lab/experiments.js';
import { runSeeds, type Findings } from '../../lab/run-seeds.js';
import { createWasmExecutor } from '../../worker/wasm-executor.js';
import { modules } from '../worker/engines.js';
import { someMnist } from './digits.js';

export const laboratory: Laboratory = {
  executor: () => createWasmExecutor({ module: modules.kernels }),
  mnist: () => someMnist(),
  text: (name) => Promise.reject(new AdaptiveError('disk', `There is no ${name} here.`)),
};

export interface Watched extends Findings<unknown, AnyFrame> {
  readonly frames: readonly AnyFrame[];
}

export async function watch(
  name: ExperimentName,
  settings: unknown,
  {
    seeds = [1],
    signal = new AbortController().signal,
  }: { readonly seeds?: readonly number[]; readonly signal?: AbortSignal } = {},
): Promise<Watched> {
  const frames: AnyFrame[] = [];
  const chosen: Experiment<unknown, AnyFrame> = experiment(name);
  const onFrame = (frame: AnyFrame) => void frames.push(frame);
  const findings = await runSeeds(chosen, { settings, seeds, laboratory, signal, onFrame });
  return { ...findings, frames };
}
