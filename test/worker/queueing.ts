/** An executor whose results come later than those who ask for them, as from a GPU, so that it pays to ask ahead. */
import type { Executor, Runner } from '../../core/executor.js';

export interface Traffic {
  /** Replays so far. */
  runs: number;
  /** Results that are waited for, now and at most. */
  waiting: number;
  mostWaiting: number;
}

export function queueing(executor: Executor, traffic: Traffic): Executor {
  return {
    backend: executor.backend,
    threads: executor.threads,
    usualThreads: executor.usualThreads,
    queues: true,
    bytes: executor.bytes,
    load: async (program, options) => follow(await executor.load(program, options), traffic),
    loadTeam: (programs) => executor.loadTeam(programs),
    destroy: () => executor.destroy(),
  };
}

function follow(runner: Runner, traffic: Traffic): Runner {
  return {
    program: runner.program,
    run(steps) {
      traffic.runs++;
      runner.run(steps);
    },
    write: (port, values) => runner.write(port, values),
    refresh: () => runner.refresh(),
    async read(port, into) {
      traffic.mostWaiting = Math.max(traffic.mostWaiting, ++traffic.waiting);
      const values = await runner.read(port, into);
      await new Promise((resolve) => setImmediate(resolve));
      traffic.waiting--;
      return values;
    },
    unload: () => runner.unload(),
  };
}
