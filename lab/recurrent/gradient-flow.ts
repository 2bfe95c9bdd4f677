/**
 * How a gradient fares on its way back through time: one of norm 1 at the output of the last step, and its norm at the h of
 * every step before. Where it grows, back-propagation explodes; where it vanishes, nothing is learned over that distance.
 */
import type { ModelConfig } from '../../core/config.js';
import type { Executor, Runner } from '../../core/executor.js';
import { languageModelLayout } from '../../core/parameters.js';
import type { Program } from '../../core/program.js';
import { Context } from '../../model/context.js';
import { Embedding } from '../../model/embedding.js';
import type { SegmentShape } from '../../model/language-model.js';
import { recurrentStack } from '../../model/recurrent-stack.js';
import { RecurrentState } from '../../worker/recurrent-state.js';

/** Port in: `ids` [T, B]. Port out: `flow` [T], of the bottom layer: at t the norm of the gradient of h before step t. */
function gradientFlowProgram(config: ModelConfig, { batch, maxSteps }: SegmentShape): Program {
  const { vocabularySize, embeddingSize } = config;
  const layout = languageModelLayout(config);
  const context = new Context({ name: 'gradient-flow', layout, batch, maxSteps, training: true });
  const { builder } = context;
  const ids = builder.matrix('ids', maxSteps, batch, 'i32');
  builder.port('ids', ids, [{ perStep: batch }]);
  const embedding = new Embedding(context, ids, { vocabularySize, embeddingSize, dropout: 0 });
  const stack = recurrentStack(context, config, embedding.y, { hidden: 0, latent: 0 });
  const width = stack.output.stack.width;
  const dy = builder.stack('dy', batch, width);
  const dx = builder.stack('dx', batch, embeddingSize);
  const flow = builder.stack('flow', 1, 1);
  embedding.forward();
  stack.forward();
  builder.call('fill', { x: dy.all() }, { n: { perStep: batch * width } }, { value: 0 });
  // Outside a scan `at` counts from the slot after the last step.
  builder.call('fill', { x: dy.at(-1) }, { n: batch * width }, { value: 1 / Math.sqrt(batch * width) });
  stack.backward(dy, dx, (scan, layer, dh) => {
    if (layer === 0) scan.call('norm', { x: dh, norm: flow.at() }, { n: batch * dh.ld });
  });
  builder.port('flow', flow.all(), [{ perStep: 1 }]);
  return builder.build();
}

export class GradientFlow {
  readonly #state: RecurrentState;

  private constructor(
    readonly runner: Runner,
    readonly batch: number,
  ) {
    this.#state = new RecurrentState(runner);
  }

  /** Of the model whose parameters the executor holds. */
  static async create(executor: Executor, config: ModelConfig, shape: SegmentShape): Promise<GradientFlow> {
    return new GradientFlow(await executor.load(gradientFlowProgram(config, shape)), shape.batch);
  }

  /** From the zero state through ids [T, B]: [T], at k the norm after k + 1 steps back. */
  async measure(ids: Int32Array): Promise<Float32Array> {
    const steps = ids.length / this.batch;
    this.#state.clear();
    this.runner.write('ids', ids);
    this.runner.run(steps);
    return (await this.runner.read('flow', new Float32Array(steps))).reverse();
  }

  unload(): void {
    this.runner.unload();
  }
}
