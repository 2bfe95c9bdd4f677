/**
 * A training step on threads. Each replays forward and backward over its own rows; then they add the gradients up and
 * update the parameters, each in its slice of the flat buffers.
 */
import type { Executor, Runner, Team } from '../core/executor.js';
import type { Program } from '../core/program.js';
import { trainingProgram } from '../model/language-model.js';
import { reductionProgram, slices, updateProgram } from '../model/optimizer.js';
import { languageModelLayout } from '../core/parameters.js';
import type { BatchOptions, BatchPrograms, Share, StepResult } from './batch-programs.js';

/** @param threads 2 … B */
export async function loadSharedBatch(
  executor: Executor,
  options: BatchOptions,
  threads: number,
): Promise<BatchPrograms> {
  const { model, batch, maxSteps, dropout, optimizer } = options;
  const layout = languageModelLayout(model);
  const rows = shareOut(batch, threads);
  const cuts = slices(layout, threads);
  const teams: Team[] = [];
  const load = async (programs: readonly Program[]) => {
    const team = await executor.loadTeam(programs);
    teams.push(team);
    return team;
  };
  try {
    const replay = await load(
      rows.map(({ first, count }, index) =>
        trainingProgram(model, { batch: count, maxSteps, dropout, share: { index, first, of: batch } }),
      ),
    );
    const reduction = await load(cuts.map((slice) => reductionProgram(layout, threads, slice)));
    const updates = await load(cuts.map((slice) => updateProgram(layout, optimizer, slice)));
    const shares = replay.runners.flatMap((runner, i): Share[] => {
      const share = rows[i];
      return share ? [{ ...share, runner }] : [];
    });
    return new SharedBatch(shares, replay, reduction, updates);
  } catch (error) {
    for (const team of teams) team.unload();
    throw error;
  }
}

class SharedBatch implements BatchPrograms {
  readonly #one = new Float32Array(1);

  constructor(
    readonly shares: readonly Share[],
    readonly replay: Team,
    readonly reduction: Team,
    readonly updates: Team,
  ) {}

  get update(): Runner {
    const [first] = this.updates.runners;
    if (!first) throw new TypeError('There is no share.');
    return first;
  }

  async run(steps: number, settings: Float32Array): Promise<StepResult> {
    for (const runner of this.updates.runners) runner.write('settings', settings);
    await this.replay.run(steps);
    await this.reduction.run(1);
    // √ Σ norm², of the slices.
    const gradientNorm = Math.sqrt(await this.#sum(this.reduction, 'norm', (norm) => norm ** 2));
    this.#one[0] = gradientNorm;
    for (const runner of this.updates.runners) runner.write('norm', this.#one);
    await this.updates.run(1);
    return { loss: await this.#sum(this.replay, 'loss', (loss) => loss), gradientNorm };
  }

  unload(): void {
    for (const team of [this.replay, this.reduction, this.updates]) team.unload();
  }

  async #sum({ runners }: Team, port: string, of: (value: number) => number): Promise<number> {
    let sum = 0;
    for (const runner of runners) sum += of((await runner.read(port, this.#one))[0] ?? NaN);
    return sum;
  }
}

/** Rows in runs of about one length. */
function shareOut(batch: number, count: number): Pick<Share, 'first' | 'count'>[] {
  const cut = (i: number) => Math.floor((batch * i) / count);
  return Array.from({ length: count }, (_, i) => ({ first: cut(i), count: cut(i + 1) - cut(i) }));
}
