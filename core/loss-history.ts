/** The curve of a run in bounded memory, however long it runs. */

export interface LossPoint {
  readonly step: number;
  /** Nats per token. */
  readonly loss: number;
}

/** A series as a value: every `stride`-th point of those `seen`. */
export interface ThinnedSeries {
  readonly points: readonly LossPoint[];
  readonly stride: number;
  readonly seen: number;
}

/** A curve as a value, to be kept and gone on with. */
export interface LossCurve {
  readonly training: ThinnedSeries;
  readonly validation: ThinnedSeries;
  readonly best: LossPoint | null;
}

/** A series that halves its resolution when it is full: every other point goes, and half as many are taken on. */
class Thinning {
  points: readonly LossPoint[];
  #stride: number;
  #seen: number;

  constructor(
    readonly capacity: number,
    { points, stride, seen }: ThinnedSeries = { points: [], stride: 1, seen: 0 },
  ) {
    this.points = points;
    this.#stride = stride;
    this.#seen = seen;
  }

  get series(): ThinnedSeries {
    return { points: this.points, stride: this.#stride, seen: this.#seen };
  }

  add(point: LossPoint): void {
    if (!Number.isFinite(point.loss)) return;
    const last = this.points.at(-1);
    if (last && point.step <= last.step) return;
    if (this.#seen++ % this.#stride !== 0) return;
    this.points = [...this.points, point];
    if (this.points.length < this.capacity) return;
    this.points = this.points.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}

export class LossHistory {
  readonly #training: Thinning;
  readonly #validation: Thinning;
  #best: LossPoint | null;

  /** `curve` is what there is of it already. */
  constructor(
    readonly totalSteps: number,
    { capacity = 400, curve }: { readonly capacity?: number; readonly curve?: LossCurve | null } = {},
  ) {
    this.#training = new Thinning(capacity, curve?.training);
    this.#validation = new Thinning(capacity, curve?.validation);
    this.#best = curve?.best ?? null;
  }

  get training(): readonly LossPoint[] {
    return this.#training.points;
  }

  get validation(): readonly LossPoint[] {
    return this.#validation.points;
  }

  /** The lowest held-out loss of all, also of those that were thinned out. */
  get best(): LossPoint | null {
    return this.#best;
  }

  get curve(): LossCurve {
    return { training: this.#training.series, validation: this.#validation.series, best: this.#best };
  }

  addTraining(step: number, loss: number): void {
    this.#training.add({ step, loss });
  }

  addValidation(step: number, loss: number): void {
    this.#validation.add({ step, loss });
    if (Number.isFinite(loss) && (!this.#best || loss < this.#best.loss)) this.#best = { step, loss };
  }
}
