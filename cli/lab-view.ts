/** Progress of an experiment: a bar on a terminal; in a log, a line every ten seconds. */
import cliProgress from 'cli-progress';
import type { AnyFrame } from '../lab/experiment.js';

const logEvery = 10_000; // ms

export class LabView {
  readonly #bar = new cliProgress.SingleBar({
    format: '{bar} {seed} | {value}/{total} | {note}',
    barsize: 24,
    hideCursor: true,
    stopOnComplete: false,
  });
  #started = false;
  #logged = -Infinity;

  constructor(readonly seeds: number) {}

  readonly show = ({ progress }: AnyFrame, seed: number): void => {
    const { done, total, note } = progress;
    const fields = { seed: `seed ${seed} of ${this.seeds}`, note };
    if (process.stderr.isTTY) {
      if (!this.#started) this.#bar.start(total, done, fields);
      this.#started = true;
      this.#bar.setTotal(total);
      this.#bar.update(done, fields);
    } else if (performance.now() - this.#logged > logEvery) {
      this.#logged = performance.now();
      process.stderr.write(`${fields.seed}: ${done} of ${total}, ${note}\n`);
    }
  };

  end(): void {
    this.#bar.stop();
  }
}
