/** What one `stop` ends: the work under way, and what still waits for a load. */
export class Stoppable {
  readonly #aborts = new Set<AbortController>();

  /** Runs `work` with a signal that `stop` and `outer` abort. */
  async run<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const follow = (): void => abort.abort();
    if (outer?.aborted) follow();
    outer?.addEventListener('abort', follow);
    this.#aborts.add(abort);
    try {
      return await work(abort.signal);
    } finally {
      outer?.removeEventListener('abort', follow);
      this.#aborts.delete(abort);
    }
  }

  /** Harmless when nothing runs. */
  stop(): void {
    for (const abort of this.#aborts) abort.abort();
  }
}
