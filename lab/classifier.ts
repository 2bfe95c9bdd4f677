/** A two-layer net that reads digits, with what is needed to look into its first layer. */
import type { Activation } from '../core/ops.js';
import type { Runner } from '../core/executor.js';
import { parseFeedForwardConfig, type FeedForwardConfig } from '../core/feed-forward-config.js';
import { feedForwardLayout } from '../core/feed-forward-parameters.js';
import { feedForwardEvaluation } from '../model/feed-forward-net.js';
import { layerView, linearPart, type LayerView } from './bottleneck-frames.js';
import { classes, someDigits, type Digits } from './data/mnist.js';
import type { Laboratory } from './experiment.js';
import type { NetTrainer } from './net-trainer.js';

/** Digits of one evaluation. */
export const evaluated = 500;

/** Per cent of digits for which the largest logit is that of the label. */
export async function accuracy(net: NetTrainer, digits: Digits): Promise<number> {
  let right = 0;
  for (let first = 0; first < digits.count; first += evaluated) {
    const { images, labels, count } = someDigits(digits, first, Math.min(first + evaluated, digits.count));
    await net.evaluate(images, labels, count);
    const logits = await net.values('y', count);
    for (let n = 0; n < count; n++) {
      const row = logits.subarray(n * classes, (n + 1) * classes);
      if (row.indexOf(Math.max(...row)) === labels[n]) right++;
    }
  }
  return (100 * right) / digits.count;
}

/**
 * What remains of a net's first layer when its policies are 1: the maps W, or W₂ W₁, as static layers on an executor of their
 * own.
 */
export class StaticPart {
  private constructor(
    readonly config: FeedForwardConfig,
    readonly runner: Runner,
  ) {}

  /** null for a static layer, of which all remains. */
  static async create(open: Laboratory['executor'], net: FeedForwardConfig): Promise<StaticPart | null> {
    const [layer] = net.layers;
    if (!layer || layer.adaptation === 'static') return null;
    const own = { outputSize: layer.outputSize, adaptation: 'static' } as const;
    const layers = layer.adaptation === 'sva' ? [{ ...own, outputSize: layer.rank }, own] : [own];
    const config = parseFeedForwardConfig({ inputSize: net.inputSize, layers });
    const program = feedForwardEvaluation(config, { examples: evaluated, loss: 'squared-error' });
    return new StaticPart(config, await (await open()).load(program));
  }

  /** [count, O] */
  async values(net: NetTrainer, images: Float32Array, count: number): Promise<Float32Array> {
    const layout = feedForwardLayout(this.config);
    const from = await net.parameters();
    const parameters = new Float32Array(layout.length);
    const put = (to: string, name: string) => {
      const { offset, size } = net.layout.entry(name);
      parameters.set(from.subarray(offset, offset + size), layout.entry(to).offset);
    };
    if (this.config.layers.length === 2) {
      put('layers.0.weight', 'layers.0.weight_in');
      put('layers.1.weight', 'layers.0.weight_out');
      put('layers.1.bias', 'layers.0.bias');
    } else {
      put('layers.0.weight', 'layers.0.weight');
      put('layers.0.bias', 'layers.0.bias');
    }
    this.runner.write('parameters', parameters);
    this.runner.write('x', images);
    this.runner.run(count);
    return this.runner.read('y', new Float32Array(count * (this.config.layers.at(-1)?.outputSize ?? 0)));
  }
}

/** The first layer on at most `evaluated` digits. */
export async function lookInside(
  net: NetTrainer,
  staticPart: StaticPart | null,
  activation: Activation,
  { images, labels, count }: Digits,
): Promise<LayerView> {
  await net.evaluate(images, labels, count);
  const a = await net.values('layers.0.preactivation', count);
  const y = await net.values('layers.0.y', count);
  const remains = staticPart ? await staticPart.values(net, images, count) : a;
  return layerView(
    a,
    y.map((value, at) => value - linearPart(activation, remains[at] ?? NaN)),
  );
}
