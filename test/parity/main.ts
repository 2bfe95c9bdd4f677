/**
 * `npm run parity -- DIR [--backend reference|wasm|webgpu] [--json FILE]`: runs every golden case in DIR that the layers cover
 * on each backend (webgpu only if named) and prints its worst relative errors. Exit code 0 when all pass, 1 when one fails, 2 on bad usage.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Executor } from '../../core/executor.js';
import { backends, isBackendName, usualBackends, type BackendName } from './backends.js';
import { runCase, uncovered } from './cases.js';
import { fixtureNames, readFixture } from './fixture.js';

export interface CaseReport {
  readonly backend: BackendName;
  readonly case: string;
  readonly outcome: 'pass' | 'fail' | 'uncovered';
  readonly tolerance: number;
  readonly outputs: number | null;
  readonly gradients: number | null;
  /** Where the worst error was, why the case is not covered, or what was thrown. */
  readonly note: string;
}

async function runOne(backend: BackendName, directory: string, name: string): Promise<CaseReport> {
  const { create, tolerance } = backends[backend];
  const report = { backend, case: name, tolerance, outputs: null, gradients: null };
  let executor: Executor | null = null;
  try {
    executor = await create();
    const fixture = await readFixture(directory, name);
    const missing = uncovered(fixture);
    if (missing) return { ...report, outcome: 'uncovered', note: missing };
    const { outputs, gradients } = await runCase(fixture, executor);
    // A comparison that compared nothing has shown nothing.
    const pass = outputs.count > 0 && outputs.error <= tolerance && gradients.error <= tolerance;
    return {
      ...report,
      outcome: pass ? 'pass' : 'fail',
      outputs: outputs.error,
      gradients: gradients.count > 0 ? gradients.error : null,
      note: (outputs.error >= gradients.error ? outputs : gradients).where,
    };
  } catch (thrown) {
    return { ...report, outcome: 'fail', note: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    executor?.destroy();
  }
}

function line({ backend, case: name, outcome, outputs, gradients, note }: CaseReport): string {
  const error = (value: number | null) => (value === null ? '–' : value.toExponential(1)).padStart(9);
  return `${backend.padEnd(12)}${name.padEnd(36)}${error(outputs)}${error(gradients)}  ${outcome.padEnd(10)}${note}`;
}

/** All reports for a folder. `onReport` hears of each as it comes. */
export async function runParity(
  directory: string,
  names: readonly BackendName[],
  onReport: (report: CaseReport) => void = () => undefined,
): Promise<CaseReport[]> {
  const cases = await fixtureNames(directory);
  const reports: CaseReport[] = [];
  for (const backend of names) {
    for (const name of cases) {
      const report = await runOne(backend, directory, name);
      onReport(report);
      reports.push(report);
    }
  }
  return reports;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { backend: { type: 'string' }, json: { type: 'string' } },
  });
  const [directory] = positionals;
  const { backend, json } = values;
  if (directory === undefined || (backend !== undefined && !isBackendName(backend))) {
    process.stderr.write(`usage: npm run parity -- DIR [--backend ${Object.keys(backends).join('|')}] [--json FILE]\n`);
    return 2;
  }
  const names = backend === undefined ? usualBackends : [backend];
  process.stdout.write(
    `${'backend'.padEnd(12)}${'case'.padEnd(36)}${'outputs'.padStart(9)}${'gradients'.padStart(9)}\n`,
  );
  const reports = await runParity(directory, names, (report) => process.stdout.write(`${line(report)}\n`));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(reports, null, 2)}\n`);
  const count = (outcome: CaseReport['outcome']) => reports.filter((report) => report.outcome === outcome).length;
  process.stdout.write(`${count('pass')} passed, ${count('fail')} failed, ${count('uncovered')} not covered\n`);
  return count('fail') > 0 || count('pass') === 0 ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main().catch((thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 2;
  });
}
