/** A net of the bottleneck experiment in training, with its record. */
import { AdaptiveError } from '../core/errors.js';
import { netLabel, type Curve, type LayerView, type NetKind, type NetView } from './bottleneck-frames.js';
import { accuracy, evaluated, lookInside, StaticPart } from './classifier.js';
import type { Batches } from './data/batches.js';
import { classes, type Digits } from './data/mnist.js';
import type { Laboratory } from './experiment.js';
import { NetTrainer, type NetOptions } from './net-trainer.js';

/** A smoothed loss, in nats, that no net which still learns has. */
const divergedLoss = 10 * Math.log(classes);

export class Pupil {
  readonly #accuracy: Record<keyof Curve, number[]> = { steps: [], values: [] };
  readonly #loss: Record<keyof Curve, number[]> = { steps: [], values: [] };
  #smooth = NaN;
  #untrained: LayerView | null = null;

  private constructor(
    readonly kind: NetKind,
    readonly net: NetTrainer,
    readonly staticPart: StaticPart | null,
  ) {}

  /** Takes an executor, and a second one for an adaptive net. */
  static async create(
    kind: NetKind,
    open: Laboratory['executor'],
    options: Omit<NetOptions, 'loss' | 'evaluated'>,
  ): Promise<Pupil> {
    const net = await NetTrainer.create(await open(), { ...options, loss: 'cross-entropy', evaluated });
    return new Pupil(kind, net, await StaticPart.create(open, options.config));
  }

  get smoothLoss(): number {
    return this.#smooth;
  }

  async learn({ images, labels, size }: Batches, learningRate: number): Promise<void> {
    const loss = await this.net.step(images, labels, size, learningRate);
    const weight = Math.max(0.03, 1 / this.net.done);
    this.#smooth = Number.isNaN(this.#smooth) ? loss : this.#smooth + weight * (loss - this.#smooth);
    if (this.#smooth <= divergedLoss) return;
    throw new AdaptiveError(
      'diverged',
      `Training diverged: the loss of ${netLabel(this.kind)} rose to ${this.#smooth.toPrecision(3)} at step ${this.net.done}, ` +
        `and guessing gives ${Math.log(classes).toFixed(2)}. Try a lower learning rate.`,
      { step: this.net.done, learningRate },
    );
  }

  async measure(test: Digits): Promise<void> {
    this.#accuracy.steps.push(this.net.done);
    this.#accuracy.values.push(await accuracy(this.net, test));
  }

  record(): void {
    this.#loss.steps.push(this.net.done);
    this.#loss.values.push(this.#smooth);
  }

  async view(probe: Digits): Promise<NetView> {
    const layer = await lookInside(this.net, this.staticPart, this.kind.activation, probe);
    this.#untrained ??= layer;
    const copy = ({ steps, values }: Curve): Curve => ({ steps: [...steps], values: [...values] });
    return {
      label: netLabel(this.kind),
      kind: this.kind,
      parameters: this.net.layout.count,
      accuracy: copy(this.#accuracy),
      loss: copy(this.#loss),
      layer,
      untrained: this.#untrained,
    };
  }
}
