/** Ports of a golden case: what goes in, and what comes out beside what must. */
import type { Runner, Values } from '../../core/executor.js';
import type { ParameterLayout } from '../../core/layout.js';
import { elementsAt } from '../../core/program.js';
import { Worst } from './compare.js';
import type { Fixture, Tensor } from './fixture.js';

export class CaseErrors {
  readonly outputs = new Worst();
  readonly gradients = new Worst();
}

export async function readPort(runner: Runner, port: string, steps: number): Promise<Float64Array> {
  const shape = runner.program.ports.get(port)?.shape ?? [];
  return runner.read(port, new Float64Array(elementsAt(shape, steps)));
}

export function writeParameters(runner: Runner, layout: ParameterLayout, tensors: ReadonlyMap<string, Tensor>): void {
  const flat = new Float64Array(layout.length);
  for (const [name, { values, shape }] of tensors) {
    const entry = layout.entry(name);
    if (entry.shape.join() !== shape.join()) {
      throw new TypeError(`${name}: expected [${entry.shape.join()}], got [${shape.join()}].`);
    }
    flat.set(values, entry.offset);
  }
  runner.write('parameters', flat);
}

export function writeAll(runner: Runner, ports: Readonly<Record<string, Values>>): void {
  for (const [port, values] of Object.entries(ports)) runner.write(port, values);
}

/** The state before the segment, and, after it, the state that it ended in. */
export function writeState(runner: Runner, fixture: Fixture): void {
  for (const [name, { values }] of fixture.group('state')) runner.write(`state.${name}`, values);
}

export async function compareStates(runner: Runner, fixture: Fixture, outputs: Worst): Promise<void> {
  for (const kind of ['h', 'c', 'z', 'zc']) {
    for (const [layer, { values }] of fixture.group(`out.${kind}`)) {
      outputs.compare(`${kind}.${layer}`, await readPort(runner, `state.${layer}.${kind}`, 1), values);
    }
  }
}

export async function compareGradients(
  runner: Runner,
  layout: ParameterLayout,
  fixture: Fixture,
  steps: number,
  gradients: Worst,
  prefix = '',
): Promise<void> {
  const flat = await readPort(runner, 'gradients', steps);
  for (const [name, { values }] of fixture.group('grad')) {
    if (name === 'x') gradients.compare('x', await readPort(runner, 'dx', steps), values);
    else if (name.startsWith('state.')) gradients.compare(name, await readPort(runner, `d${name}`, steps), values);
    else {
      const { offset, size } = layout.entry(`${prefix}${name}`);
      gradients.compare(name, flat.subarray(offset, offset + size), values);
    }
  }
}
