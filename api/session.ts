/** One text of a shared model: its turns, its writing, its end. */
import { AdaptiveError } from '../core/errors.js';
import type { GenerationOptions } from '../core/config.js';
import { AdaptiveException } from './exceptions.js';
import type { SessionRecord, SharedModel, TrainingMark } from './shared-model.js';

interface TurnOptions {
  /** A second signal that gives up. */
  readonly cancelled?: AbortSignal | undefined;
  readonly training?: TrainingMark;
}

export interface WritingHooks extends TurnOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onText?: ((piece: string) => void) | undefined;
}

export class Session {
  readonly record: SessionRecord;
  readonly #end = new AbortController();

  constructor(readonly model: SharedModel) {
    this.record = model.open();
  }

  /** What is under way rejects with `reason`. Twice is harmless. */
  end(reason: unknown): void {
    this.#end.abort(reason);
    this.model.close(this.record);
  }

  endWith(signal: AbortSignal | undefined): void {
    signal?.addEventListener('abort', () => this.end(signal.reason), { signal: this.#end.signal });
  }

  /** What gives up work of this session. @throws AdaptiveException 'destroyed' */
  signals(signal: AbortSignal | undefined): (AbortSignal | undefined)[] {
    if (this.#end.signal.aborted) {
      const message = 'This session was destroyed. Create another one.';
      throw new AdaptiveException(new AdaptiveError('destroyed', message));
    }
    return [signal, this.#end.signal];
  }

  /** See SharedModel. */
  turn<T>(
    signal: AbortSignal | undefined,
    work: (stop: AbortSignal) => Promise<T>,
    { cancelled, training }: TurnOptions = {},
  ): Promise<T> {
    return this.model.turn([...this.signals(signal), cancelled], work, training);
  }

  /** Reads and writes on. What fails or is given up is as if it had not been asked for. */
  write(options: GenerationOptions, { signal, onText, ...rest }: WritingHooks): Promise<string> {
    const { model, record } = this;
    const begin = async (stop: AbortSignal): Promise<string> => {
      const { usage } = record;
      try {
        const result = await model.client.generate(
          { ...options, keepState: true },
          {
            session: record.id,
            signal: stop,
            onText: ({ text }) => onText?.(text),
            onBackend: ({ to, reason }) => {
              if (model.info) model.info = { ...model.info, backend: to, reason };
            },
          },
        );
        await model.measure(record);
        stop.throwIfAborted();
        return result.text;
      } catch (thrown) {
        // Also when the text was complete by the time that the signal came: whoever gave up does not get it.
        await model.takeBack(record, usage, thrown);
        throw thrown;
      }
    };
    return this.turn(signal, begin, rest);
  }
}
