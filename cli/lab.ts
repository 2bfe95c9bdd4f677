/**
 * `npm run lab -- NAME …`: runs an experiment over some seeds, prints claim beside measurement, and writes figures. Without a
 * name it lists what there is.
 */
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { AdaptiveError } from '../core/errors.js';
import { experiment, experimentNames, isExperimentName, type ExperimentName } from '../lab/experiments.js';
import { figuresOf } from '../lab/figures/figures.js';
import { runSeeds } from '../lab/run-seeds.js';
import { backendOption } from './backend.js';
import { writeBytes } from './files.js';
import { openLaboratory } from './laboratory.js';
import { LabView } from './lab-view.js';
import { helpLines, Options, type OptionTable } from './options.js';
import { reportError } from './report-error.js';
import { drawSvg } from './svg.js';
import { printReport } from './tables.js';

const table: OptionTable = {
  seeds: { value: 'N', help: 'runs with seeds 1 to N (default 1)' },
  set: { value: 'NAME=VALUE', many: true, help: 'a setting of the experiment; may be given several times' },
  json: { value: 'FILE', help: 'where settings, every report and the summary go' },
  figures: { value: 'DIR', help: 'where figures go, as SVG' },
  data: { value: 'DIR', help: 'where the data is (default data; for MNIST, the folder mnist in it)' },
  ...backendOption,
};

function listing(): string {
  const width = Math.max(...experimentNames.map((name) => name.length)) + 2;
  const lines = experimentNames.map((name) => `  ${name.padEnd(width)}${experiment(name).about}`);
  return `npm run lab -- NAME [OPTIONS]\n\n${lines.join('\n')}\n\n${helpLines(table)}\n`;
}

async function run(name: ExperimentName, args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const [json, figures] = [options.text('json'), options.text('figures')];
  const seeds = Array.from({ length: seedCount(options) }, (_, index) => index + 1);
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  const view = new LabView(seeds.length);
  try {
    const findings = await runSeeds(experiment(name), {
      settings: settingsOf(options.texts('set')),
      seeds,
      laboratory: await openLaboratory(options),
      signal: controller.signal,
      onFrame: view.show,
    });
    view.end();
    printReport(findings.summary);
    if (json !== undefined) await writeBytes(json, Buffer.from(asJson({ experiment: name, seeds, ...findings })));
    if (figures !== undefined) {
      await mkdir(figures, { recursive: true });
      for (const figure of figuresOf(name)) {
        const svg = await drawSvg(figure, findings.summary.last);
        await writeBytes(join(figures, `lab-${figure.name}.svg`), Buffer.from(svg));
      }
    }
  } finally {
    view.end();
    process.off('SIGINT', interrupt);
  }
}

function seedCount(options: Options): number {
  const count = options.number('seeds') ?? 1;
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new AdaptiveError('invalid-option', `--seeds: expected a whole number from 1 to 1,000, got ${count}.`);
}

/** Values are JSON where they can be read as such, else text: hiddenSize=32, adaptations=["io"], optimizer=adam. */
function settingsOf(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new AdaptiveError('invalid-option', `--set: expected NAME=VALUE, got “${pair}”.`);
      return [pair.slice(0, at), readValue(pair.slice(at + 1))];
    }),
  );
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Typed arrays as lists. */
function asJson(value: object): string {
  const lists = (_: string, each: unknown) =>
    each instanceof Float32Array || each instanceof Float64Array || each instanceof Int32Array ? [...each] : each;
  return `${JSON.stringify(value, lists, 1)}\n`;
}

async function main([name = '--help', ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || args.includes('--help')) {
    process.stdout.write(listing());
  } else if (isExperimentName(name)) {
    await run(name, args);
  } else {
    throw new AdaptiveError(
      'invalid-option',
      `There is no experiment ${name}; there are ${experimentNames.join(', ')}.`,
    );
  }
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  process.exitCode = reportError(thrown).code === 'aborted' ? 130 : 1;
}
