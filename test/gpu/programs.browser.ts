/** Whole Programs on the GPU against the oracle: training with its updates, evaluation and writing. */
import { expect } from '@open-wc/testing';
import type { Executor } from '../../core/executor.js';
import { Gpu, kernelStyles, openGpu, type KernelStyle } from '../../gpu/device.js';
import { createGpuExecutor, GpuExecutor } from '../../gpu/executor.js';
import { evaluationProgram, trainingProgram } from '../../model/language-model.js';
import { relativeError } from '../parity/compare.js';
import { createReferenceExecutor } from '../reference/executor.js';
import { traceModel, type Scenario, type TraceEntry } from '../worker/model-trace.js';
import { scenarios } from '../worker/scenarios.js';
import { separating } from '../worker/separate-buffers.js';

/** Relative to the largest magnitude of a tensor. */
const tolerance = 2e-5;

/** A device that outlives its executors: what it has compiled for one is there for the next. */
class LentGpu extends Gpu {
  override destroy(): void {}
}

const lent: Partial<Record<KernelStyle, Promise<Gpu>>> = {};

function lentGpu(style: KernelStyle): Promise<Gpu> {
  return (lent[style] ??= openGpu({ style }).then(({ device, description }) => {
    const made: GPUComputePipeline[] = [];
    const make = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = async (descriptor) => {
      const pipeline = await make(descriptor);
      made.push(pipeline); // the browser drops those that nobody has
      return pipeline;
    };
    return new LentGpu(device, description, style);
  }));
}

async function traceOf(
  scenario: Scenario,
  style: KernelStyle,
  wrap = (executor: Executor) => executor,
): Promise<TraceEntry[]> {
  const executor = new GpuExecutor(await lentGpu(style));
  try {
    return await traceModel(wrap(executor), scenario);
  } finally {
    executor.destroy();
  }
}

function differing(got: readonly TraceEntry[], expected: readonly TraceEntry[]): string[] {
  return expected.flatMap(({ name, values }, i) => {
    const error = relativeError(got[i]?.values ?? [], values);
    // The token that is written is the same one.
    const allowed = name.endsWith(': id') ? 0 : tolerance;
    return error <= allowed ? [] : [`${name}: error ${error}, expected at most ${allowed}`];
  });
}

for (const style of kernelStyles) {
  describe(`whole Programs on WebGPU, by ${style}`, () => {
    for (const [name, scenario] of Object.entries(scenarios)) {
      it(name, async () => {
        const expected = await traceModel(createReferenceExecutor(), scenario);
        const got = await traceOf(scenario, style);
        expect(got.length).to.equal(expected.length);
        expect(differing(got, expected)).to.deep.equal([]);
      });
    }

    it('the same seed gives the same bits twice', async () => {
      const scenario = scenarios['io, one layer, tied, all dropouts'];
      if (!scenario) throw new TypeError('There is no such scenario.');
      const [once, again] = [await traceOf(scenario, style), await traceOf(scenario, style)];
      expect(again).to.deep.equal(once);
    });

    it('buffers that share memory compute the same bits as those that have their own', async () => {
      for (const name of ['static, three layers, tied, all dropouts', 'io, two layers, tied, all dropouts']) {
        const scenario = scenarios[name];
        if (!scenario) throw new TypeError('There is no such scenario.');
        expect(await traceOf(scenario, style)).to.deep.equal(await traceOf(scenario, style, separating));
      }
    });
  });
}

describe('whole Programs on WebGPU', () => {
  it('takes at most three dispatches a layer and step forward, four backward', async () => {
    const scenario = scenarios['io, two layers, tied, all dropouts'];
    if (!scenario) throw new TypeError('There is no such scenario.');
    const { config, dropout } = scenario;
    const executor = await createGpuExecutor({ style: 'tiles' });
    try {
      const shape = { batch: 2, maxSteps: 3 };
      const programs = [
        evaluationProgram(config, shape),
        trainingProgram(config, { ...shape, dropout, optimizer: 'adam' }),
      ];
      const perLayerAndStep: number[] = [];
      for (const program of programs) {
        const runner = await executor.load(program);
        const dispatches = [2, 3].map((steps) => {
          runner.run(steps);
          return runner.dispatches;
        });
        const [two = NaN, three = NaN] = dispatches;
        perLayerAndStep.push((three - two) / config.hiddenSizes.length);
        expect(runner.submits).to.equal(1);
        expect(two - 2 * (three - two), 'dispatches apart from steps').to.be.at.most(64);
      }
      expect(perLayerAndStep).to.deep.equal([3, 3 + 4]);
    } finally {
      executor.destroy();
    }
  });
});
