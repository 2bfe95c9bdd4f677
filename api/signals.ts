/** Signals that several parties hold on one piece of work. */
export type Signals = readonly (AbortSignal | undefined)[];

/**
 * Does `work` with a signal that follows all of `signals`, and rejects with a signal's reason as soon as one aborts.
 * AbortSignal.any would leave something behind on a signal that lives as long as a session.
 */
export async function abortable<T>(signals: Signals, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (const signal of signals) signal?.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const follow = ({ target }: Event): void =>
    controller.abort(target instanceof AbortSignal ? target.reason : undefined);
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  }).then((): never => {
    throw signal.reason;
  });
  for (const each of signals) each?.addEventListener('abort', follow);
  try {
    return await Promise.race([work(signal), stopped]);
  } finally {
    for (const each of signals) each?.removeEventListener('abort', follow);
  }
}
