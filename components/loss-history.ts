/** The curve of a run in bounded memory, however long it runs. */

export interface LossPoint {
  readonly step: number;
  /** Nats per token. */
  readonly loss: number;
}

/** A series that halves its resolution when it is full: every other point goes, and half as many are taken on. */
class Thinning {
  points: readonly LossPoint[] = [];
  #stride = 1;
  #seen = 0;

  constructor(readonly capacity: number) {}

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
  #best: LossPoint | null = null;

  constructor(
    readonly totalSteps: number,
    capacity = 400,
  ) {
    this.#training = new Thinning(capacity);
    this.#validation = new Thinning(capacity);
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

  addTraining(step: number, loss: number): void {
    this.#training.add({ step, loss });
  }

  addValidation(step: number, loss: number): void {
    this.#validation.add({ step, loss });
    if (Number.isFinite(loss) && (!this.#best || loss < this.#best.loss)) this.#best = { step, loss };
  }
}
