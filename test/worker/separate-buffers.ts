/** The same Program with no two buffers in one place: what is open to the outside lies in memory of its own. */
import type { Executor } from '../../core/executor.js';
import type { Program } from '../../core/program.js';

export function separated(program: Program): Program {
  const ports = new Map(program.ports);
  program.buffers.forEach(({ name, scope, type, length }, buffer) => {
    if (scope === 'local')
      ports.set(`all of ${name}`, { view: { buffer, offset: 0, stride: 0, ld: 0 }, type, shape: [length] });
  });
  return { ...program, ports };
}

/** An executor that loads every Program so. */
export function separating(executor: Executor): Executor {
  return {
    backend: executor.backend,
    threads: executor.threads,
    usualThreads: executor.usualThreads,
    queues: executor.queues,
    bytes: executor.bytes,
    load: (program, options) => executor.load(separated(program), options),
    loadTeam: (programs) => executor.loadTeam(programs.map(separated)),
    destroy: () => executor.destroy(),
  };
}
