/**
 * `npm run bench:gpu [-- NAME …] [--limit SECONDS] [--json FILE]`: measures the GPU in Node, by npm `webgpu`, and prints
 * every figure beside its limit. Names: products, launches, training, writing; without one, all. The adapter's own limits
 * are always measured. What would take longer than the limit, a minute unless told, is named and not measured.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openDawn, type DawnAdapter } from '../../cli/dawn.js';
import { AdaptiveError } from '../../core/errors.js';
import { openGpu } from '../../gpu/webgpu.js';
import { configurationNames, configurations, modelConfig, models } from '../configurations.js';
import type { Figure } from '../figure.js';
import { forwardOperations, trainingOperations, weightBytes } from '../operations.js';
import { nameWidth, print, withLimit, type Line } from '../report.js';
import { adapterLines, describeAdapter, type AdapterFacts } from './adapter.js';
import { Allowance, Pace, type Missing } from './allowance.js';
import { measureBandwidth } from './bandwidth.js';
import { GpuClock } from './clock.js';
import { countLaunches, printLaunches, type Launches } from './launches.js';
import { measurePeak } from './peak.js';
import { gpuTrainingProblem, stepsOf } from './problem.js';
import { measureProducts } from './products.js';
import { measureTraining } from './training.js';
import { printTraffic } from './traffic.js';
import { measureWriting } from './writing.js';

const parts = ['products', 'launches', 'training', 'writing'] as const;
type Part = (typeof parts)[number];

/** Dawn rounds timestamps to a tenth of a millisecond unless told not to: in a page they could betray others. */
const rounding = 'timestamp_quantization';

const cases = configurationNames.flatMap((name) => models.map((model) => [name, model] as const));

type Entry = Line | Missing;

interface Report {
  readonly adapter: AdapterFacts;
  /** How kernels were timed. */
  clock: GpuClock['kind'] | null;
  readonly lines: Entry[];
  readonly launches: (Launches & { readonly name: string })[];
}

function isPart(name: string): name is Part {
  return parts.some((part) => part === name);
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, limit: { type: 'string', default: '60' } },
  });
  const wrong = positionals.find((name) => !isPart(name));
  if (wrong !== undefined) {
    throw new AdaptiveError('invalid-option', `There is no benchmark ${wrong}; there are ${parts.join(', ')}.`);
  }
  const seconds = Number(values.limit);
  if (!(seconds > 0)) {
    throw new AdaptiveError('invalid-option', `--limit: expected a number of seconds, got ${values.limit}.`);
  }
  const wanted: readonly Part[] = positionals.length > 0 ? positionals.filter(isPart) : parts;
  return { wanted, json: values.json, allowance: new Allowance(seconds) };
}

class Bench {
  constructor(
    readonly dawn: DawnAdapter,
    readonly allowance: Allowance,
    readonly report: Report,
  ) {}

  /** FLOP/s and B/s of the adapter. */
  async limits(): Promise<{ readonly operations: number; readonly bandwidth: number }> {
    const gpu = await openGpu(this.dawn);
    try {
      const clock = await GpuClock.open(gpu.device);
      this.report.clock = clock.kind;
      process.stdout.write(`copies, multiply-adds and products by ${clock.kind}; the rest by the wall clock\n\n`);
      const copies = await measureBandwidth(clock, this.allowance);
      for (const copy of copies) this.#add(copy, null, '');
      const peak = await measurePeak(clock, this.allowance);
      this.#add(peak, null, '');
      process.stdout.write(`${''.padEnd(nameWidth)}with ${peak.workgroups} workgroups of 256\n`);
      return { operations: peak.median, bandwidth: Math.max(...copies.map(({ median }) => median)) };
    } finally {
      gpu.destroy();
    }
  }

  async products(operations: number): Promise<void> {
    await measureProducts(this.dawn.source, this.allowance, (result) => this.#add(result, operations, 'peak'));
  }

  async launches(): Promise<void> {
    for (const [name, model] of cases) {
      const launches = await countLaunches(modelConfig(name, model), {
        batch: configurations[name].batch,
        steps: stepsOf[name],
      });
      this.report.launches.push({ name: `${model} ${name}`, ...launches });
      printLaunches(`${model} ${name}`, launches);
    }
  }

  async training(operations: number): Promise<void> {
    const pace = new Pace();
    for (const [name, model] of cases) {
      const problem = gpuTrainingProblem(name, model);
      const title = `training ${model} ${name}`;
      const result = await measureTraining(this.dawn.source, title, problem, this.allowance, pace);
      const limit = operations / trainingOperations(problem.config);
      this.#add(result, limit, 'peak');
      if ('traffic' in result) printTraffic(result.traffic);
    }
  }

  async writing(operations: number, bandwidth: number): Promise<void> {
    const pace = new Pace();
    for (const [name, model] of cases) {
      const config = modelConfig(name, model);
      const byOperations = operations / forwardOperations(config);
      const byBytes = bandwidth / weightBytes(config, 4);
      const [limit, by] = byBytes < byOperations ? [byBytes, 'bandwidth'] : [byOperations, 'peak'];
      const title = `writing ${model} ${name}`;
      this.#add(await measureWriting(this.dawn.source, title, config, this.allowance, pace), limit, by);
    }
  }

  #add(result: Figure | Missing, limit: number | null, limitedBy: string): void {
    if ('notMeasured' in result) {
      this.report.lines.push(result);
      process.stdout.write(`${result.name.padEnd(nameWidth)}not measured: ${result.notMeasured}\n`);
      return;
    }
    const line = withLimit(result, limit, limitedBy);
    this.report.lines.push(line);
    print(line);
  }
}

async function main(): Promise<void> {
  const { wanted, json, allowance } = readArguments();
  const dawn = await openDawn({ disabled: [rounding] });
  const adapter = await describeAdapter(
    dawn.source,
    `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  );
  process.stdout.write(`${adapterLines(adapter)}\n`);
  const report: Report = { adapter, clock: null, lines: [], launches: [] };
  const bench = new Bench(dawn, allowance, report);
  const { operations, bandwidth } = await bench.limits();
  if (wanted.includes('products')) await bench.products(operations);
  if (wanted.includes('launches')) await bench.launches();
  if (wanted.includes('training')) await bench.training(operations);
  if (wanted.includes('writing')) await bench.writing(operations, bandwidth);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
}

try {
  await main();
} catch (thrown) {
  const error = AdaptiveError.from(thrown);
  process.stderr.write(`${error.code === 'internal' ? (error.stack ?? error.message) : error.message}\n`);
  process.exitCode = 1;
}
