/** What the model is still to learn, learned piece by piece while the reader rests: typing stops it within a step. */
import { AdaptiveError } from '../../core/errors.js';
import type { ModelClient } from '../../worker/client.js';

/** No key for so long is a rest, in ms. */
const rest = 1500;

/** What is still to be done; dropped as a whole. */
interface Work {
  readonly pieces: string[];
  /** Optimizer steps that what the model was given is still worth. */
  owed: number;
}

export class Lessons {
  #work: Work = { pieces: [], owed: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;
  /** Somebody wanted to go on before what was stopped had ended. */
  #again = false;

  /** `client` is null while there is no model. */
  constructor(
    readonly client: () => ModelClient | null,
    readonly onError: (thrown: unknown) => void,
  ) {}

  add(pieces: readonly string[]): void {
    this.#work.pieces.push(...pieces);
  }

  /** The reader is at work. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.#abort?.abort();
  }

  /** Learns after a rest, or as soon as the page is idle when the reader has left. */
  resume({ now = false } = {}): void {
    clearTimeout(this.#timer);
    const timer = setTimeout(
      () =>
        whenIdle(() => {
          if (timer !== this.#timer) return;
          if (this.#abort) this.#again = true;
          else void this.#study();
        }),
      now ? 0 : rest,
    );
    this.#timer = timer;
  }

  /** Also what the model was given: it owes nothing any more. */
  drop(): void {
    this.stop();
    this.#work = { pieces: [], owed: 0 };
  }

  async #study(): Promise<void> {
    const client = this.client();
    if (!client) return;
    const { signal } = (this.#abort = new AbortController());
    const work = this.#work;
    try {
      while (!signal.aborted && (work.pieces.length > 0 || work.owed > 0)) {
        const [piece = ''] = work.pieces;
        const { steps, stepsLeft } = await client.learn(piece, {}, { signal });
        work.pieces.shift();
        work.owed = stepsLeft;
        if (steps === 0 && piece === '') break;
      }
    } catch (thrown) {
      const code = thrown instanceof AdaptiveError ? thrown.code : null;
      // A suggestion came first: the piece waits for the next rest.
      if (code === 'busy') this.resume();
      else if (code !== 'aborted') {
        work.pieces.length = work.owed = 0;
        this.onError(thrown);
      }
    } finally {
      this.#abort = null;
      if (this.#again) this.resume({ now: true });
    }
  }
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work);
}
