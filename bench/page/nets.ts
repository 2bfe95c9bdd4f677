/** Steps of feed-forward nets: forward, backward, norm and Adam, as the laboratory trains. Checked by the loss, which must fall. */
import type { Executor } from '../../core/executor.js';
import { Random } from '../../core/random.js';
import { NetTrainer } from '../../lab/net-trainer.js';
import { netBatch, netConfig, type NetName } from '../configurations.js';
import { figure, timeAsync, type Figure } from '../figure.js';

const checked = 20;
const learningRate = 0.001;

/** Examples/s on one thread. `budget` in seconds. */
export async function measureNet(
  executor: Executor,
  name: NetName,
  hiddenSize: number,
  budget: number,
): Promise<Figure> {
  const config = netConfig(name, hiddenSize);
  const optimizer = { kind: 'adam' } as const;
  const net = await NetTrainer.create(executor, {
    config,
    loss: 'cross-entropy',
    batch: netBatch,
    evaluated: 1,
    optimizer,
    seed: 1,
  });
  const random = new Random(1, 1);
  const x = Float32Array.from({ length: netBatch * config.inputSize }, () => random.next());
  const labels = Int32Array.from({ length: netBatch }, (_, row) => row % 10);
  const step = () => net.step(x, labels, netBatch, learningRate);
  const first = await step();
  for (let i = 1; i < checked; i++) await step();
  const last = await step();
  if (!(last < first)) throw new Error(`Training ${name} ${hiddenSize} goes wrong: losses ${first}, …, ${last}.`);
  const samples = await timeAsync(async () => {
    for (let i = 0; i < checked; i++) await step();
  }, budget);
  return figure(
    `net ${name} ${hiddenSize}, batch ${netBatch}`,
    'examples/s',
    samples.map((seconds) => (checked * netBatch) / seconds),
  );
}
