/** What the sine experiment found, beside what the research says. */
import type { Claim, Report } from './experiment.js';
import { regionNames, type Region } from './sampling.js';
import type { SineFrame, SineNet } from './sine.js';
import { mean, meanAndDeviation } from './statistics.js';

/** Mean squared errors below which a net does a pretty good job; the sine's own mean square is about 0.5. */
const good = { 'first hill': 0.02, valley: 0.2, 'second hill': 0.02 } as const;

export function judge(frames: readonly SineFrame[]): Report<SineFrame> {
  const [last] = frames; // of several seeds, figures show the first
  if (!last) throw new TypeError('There is no frame to judge.');
  const runs = last.nets.map((_, at) => frames.flatMap(({ nets }) => nets[at] ?? []));
  return {
    claims: runs.map(claimOf),
    tables: [
      {
        title: 'Mean squared error of sin(10 x)',
        columns: ['net', 'parameters', ...regionNames],
        rows: runs.map((nets) => [
          nets[0]?.label ?? '',
          nets[0]?.parameters ?? 0,
          ...regionNames.map((region) => meanAndDeviation(errors(nets, region), 4)),
        ]),
      },
    ],
    last,
  };
}

function errors(nets: readonly SineNet[], region: Region): number[] {
  return nets.map((net) => net.errors[region]);
}

function claimOf(nets: readonly SineNet[]): Claim {
  const [first] = nets;
  const fits = nets.filter((net) => regionNames.every((region) => net.errors[region] < good[region])).length;
  const succeeds = fits > nets.length / 2;
  const worst = regionNames.map((region) => `${region} ${mean(errors(nets, region)).toFixed(3)}`);
  const isAdaptive = first?.isAdaptive ?? false;
  return {
    claim: isAdaptive ? `${first?.label ?? ''}: does a pretty good job` : `${first?.label ?? ''}: fails`,
    expected: isAdaptive ? 'fits hills and valley' : 'does not fit',
    measured: `${fits} of ${nets.length} fit; ${worst.join(', ')}`,
    holds: succeeds === isAdaptive,
  };
}
