/**
 * How much goes into one submit. While the GPU works on it, it does not draw the page, so it should take about `aim`; how
 * much work that is, is learned from submits that had the GPU to themselves. A single dispatch cannot be cut.
 */

/** Milliseconds. Time on the way to the GPU and back counts, so a submit takes rather less. */
const aim = 20;
/** Multiplications with an addition. At first: 20 ms of a GPU that does 20 of them a nanosecond. */
const first = 4e8;
/** 20 ms of one that does 10; what is slower is no GPU. */
const least = 2e8;
const most = 1e11;
/** A dispatch takes as long as so much work, however little it does. */
export const workOfDispatch = 1e6;
/** One measurement may be off, so the budget does not jump. */
const fastestFall = 4;
const fastestRise = 2;

export class SubmitBudget {
  #work = first;
  #underWay = 0;

  constructor(
    readonly queue: Pick<GPUQueue, 'onSubmittedWorkDone'>,
    /** Milliseconds. */
    readonly now: () => number = () => performance.now(),
  ) {}

  /** Work that the next submit should not exceed. */
  get work(): number {
    return this.#work;
  }

  /** To be called after each submit, with its work. */
  submitted(work: number): void {
    const alone = this.#underWay === 0;
    const started = this.now();
    this.#underWay++;
    const done = (): void => {
      this.#underWay--;
      const elapsed = Math.max(this.now() - started, 0.1);
      // Little work in little time tells more about the way than about the GPU.
      if (alone && (work >= this.#work / 2 || elapsed > aim)) this.#learn((work * aim) / elapsed);
    };
    // A lost device has nothing to tell.
    this.queue.onSubmittedWorkDone().then(done, () => {});
  }

  #learn(fitting: number): void {
    const near = Math.min(Math.max(fitting, this.#work / fastestFall), this.#work * fastestRise);
    this.#work = Math.min(Math.max(near, least), most);
  }
}
