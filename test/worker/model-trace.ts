/**
 * Everything that a model computes while it trains over a few segments, is evaluated and writes, in order and by name.
 * Two executors that are given the same scenario must leave the same trace.
 */
import type { Dropout, ModelConfig, TrainingConfig } from '../../core/config.js';
import type { Executor, Runner } from '../../core/executor.js';
import { elementsAt } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { initialise } from '../../model/initialise.js';
import { evaluationProgram, generationProgram, trainingProgram } from '../../model/language-model.js';
import { updateSettings } from '../../model/optimizer.js';
import { languageModelLayout } from '../../core/parameters.js';

export interface Scenario {
  readonly config: ModelConfig;
  readonly dropout: Dropout;
  readonly optimizer: TrainingConfig['optimizer'];
  readonly epsilon: number;
  readonly batch: number;
  /** Steps of each training segment; the state goes on from one to the next. */
  readonly segments: readonly number[];
  readonly seed: number;
}

export interface TraceEntry {
  readonly name: string;
  readonly values: Float64Array;
}

const written = 8;
const optimizerConfig = { beta1: 0.9, beta2: 0.999, weightDecay: 0.01, clip: 1 } as const;

export async function traceModel(executor: Executor, scenario: Scenario): Promise<TraceEntry[]> {
  return [
    ...(await train(executor, scenario)),
    ...(await evaluate(executor, scenario)),
    ...(await write(executor, scenario)),
  ];
}

function tokens(random: Random, { config }: Scenario, count: number): Int32Array {
  return Int32Array.from({ length: count }, () => Math.floor(random.next() * config.vocabularySize));
}

async function read(runner: Runner, steps: number, port: string): Promise<TraceEntry> {
  const shape = runner.program.ports.get(port)?.shape ?? [];
  return { name: port, values: await runner.read(port, new Float64Array(elementsAt(shape, steps))) };
}

async function readAll(runner: Runner, steps: number, ports: Iterable<string>, when: string): Promise<TraceEntry[]> {
  const entries: TraceEntry[] = [];
  for (const port of ports) {
    const { name, values } = await read(runner, steps, port);
    entries.push({ name: `${when}: ${name}`, values });
  }
  return entries;
}

const states = (runner: Runner) => [...runner.program.ports.keys()].filter((port) => /^d?state\./.test(port));

/** A flat buffer of the parameter layout, by parameter. */
async function readFlat(runner: Runner, { config }: Scenario, port: string, when: string): Promise<TraceEntry[]> {
  const { values } = await read(runner, 1, port);
  return languageModelLayout(config).entries.map(({ name, offset, size }) => ({
    name: `${when}: ${port} of ${name}`,
    values: values.slice(offset, offset + size),
  }));
}

async function train(executor: Executor, scenario: Scenario): Promise<TraceEntry[]> {
  const { config, dropout, optimizer, epsilon, batch, segments, seed } = scenario;
  const layout = languageModelLayout(config);
  const maxSteps = Math.max(...segments);
  const runner = await executor.load(trainingProgram(config, { batch, maxSteps, dropout, optimizer }));
  const parameters = new Float32Array(layout.length);
  initialise(layout, seed, parameters);
  // Twice as large as they start: policies near 0 would hide most of what the cells do. But not what h goes through at every
  // step: twice an orthogonal matrix is a rounding error that doubles.
  for (const { name, offset, size } of layout.entries) {
    if (name.endsWith('cell.weight_hh')) continue;
    for (let i = offset; i < offset + size; i++) parameters[i] = 2 * (parameters[i] ?? NaN);
  }
  runner.write('parameters', parameters);
  const random = new Random(seed, 1);
  const settings = new Float32Array(8);
  const trace: TraceEntry[] = [];
  for (const [index, steps] of segments.entries()) {
    const when = `segment ${index}`;
    runner.write('ids', tokens(random, scenario, steps * batch));
    runner.write('targets', tokens(random, scenario, steps * batch));
    if (runner.program.ports.has('random')) runner.write('random', Int32Array.of(seed, index));
    updateSettings({ optimizer, epsilon, ...optimizerConfig }, 0.003, index + 1, settings);
    runner.write('settings', settings);
    runner.run(steps);
    trace.push(...(await readAll(runner, steps, ['loss', 'norm', 'losses', ...states(runner)], when)));
    trace.push(...(await readFlat(runner, scenario, 'gradients', when)));
  }
  for (const port of ['parameters', 'moment1', 'moment2']) {
    trace.push(...(await readFlat(runner, scenario, port, 'trained')));
  }
  runner.unload();
  return trace;
}

/** With the parameters that training has left in the executor. */
async function evaluate(executor: Executor, scenario: Scenario): Promise<TraceEntry[]> {
  const { config, batch, segments, seed } = scenario;
  const runner = await executor.load(
    evaluationProgram(config, { batch, maxSteps: Math.max(...segments), openLogits: true }),
  );
  const random = new Random(seed, 2);
  const trace: TraceEntry[] = [];
  for (const [index, steps] of segments.slice(0, 2).entries()) {
    runner.write('ids', tokens(random, scenario, steps * batch));
    runner.write('targets', tokens(random, scenario, steps * batch));
    runner.run(steps);
    const ports = ['loss', 'losses', 'logits', ...states(runner)];
    trace.push(...(await readAll(runner, steps, ports, `evaluation ${index}`)));
  }
  runner.unload();
  return trace;
}

/** Reads a prompt in two parts, then writes greedily. */
async function write(executor: Executor, scenario: Scenario): Promise<TraceEntry[]> {
  const runner = await executor.load(generationProgram(scenario.config, 5));
  const prompt = tokens(new Random(scenario.seed, 3), scenario, 8);
  runner.write('sampling', Float32Array.of(0, 0, 1));
  runner.write('ids', prompt.subarray(0, 5));
  runner.run(5);
  let next = prompt.subarray(5);
  const trace: TraceEntry[] = [];
  for (let position = 0; position < written; position++) {
    runner.write('random', Int32Array.of(scenario.seed, position));
    runner.write('ids', next);
    runner.run(next.length);
    trace.push(...(await readAll(runner, 1, ['id', 'logits', ...states(runner)], `writing ${position}`)));
    next = await runner.read('id', new Int32Array(1));
  }
  runner.unload();
  return trace;
}
