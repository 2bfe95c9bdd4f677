/** One operation at a time. A second one is refused, unless the first is of the kind that gives way. */
import { AdaptiveError } from '../core/errors.js';

export class Turns {
  #busyWith: string | null = null;
  /** What goes on and gives way, and how many wait for it. */
  #yielding: Promise<unknown> | null = null;
  #waiting = 0;

  /** @throws AdaptiveError 'busy' */
  async take<T>(operation: string, work: () => Promise<T>): Promise<T> {
    await this.#untilYielded();
    return this.#run(operation, work);
  }

  /**
   * For work that is in nobody's way: whoever takes a turn meanwhile makes `wanted` true, and waits until it has ended.
   * @throws AdaptiveError 'busy'
   */
  async takeYielding<T>(operation: string, work: (wanted: () => boolean) => Promise<T>): Promise<T> {
    const turn = this.#run(operation, () => work(() => this.#waiting > 0));
    if (this.#yielding) return turn; // which is refused
    this.#yielding = turn;
    try {
      return await turn;
    } finally {
      this.#yielding = null;
    }
  }

  async #untilYielded(): Promise<void> {
    if (!this.#yielding) return;
    this.#waiting++;
    await this.#yielding.catch(() => undefined); // whoever asked for it hears of it
    this.#waiting--;
  }

  async #run<T>(operation: string, work: () => Promise<T>): Promise<T> {
    const busyWith = this.#busyWith;
    if (busyWith !== null) {
      const message = `The model is ${busyWith}. Stop that first, or wait until it ends.`;
      throw new AdaptiveError('busy', message, { operation: busyWith });
    }
    this.#busyWith = operation;
    try {
      return await work();
    } finally {
      this.#busyWith = null;
    }
  }
}
