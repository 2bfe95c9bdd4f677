/** Timing for a choice between two, not for a benchmark: short, and over at once when there is nothing to win. */

/** Runs after the warm-up, at most; and no other is begun after this long. */
const mostRuns = 3;
const budget = 0.3; // s

/**
 * Seconds that the quickest of a few runs takes. A run before them, in which things are made that are then kept, does not
 * count. Nothing more is run once one took longer than `limit` seconds.
 */
export async function quickest(run: () => Promise<unknown>, limit = Infinity): Promise<number> {
  await run();
  let best = Infinity;
  const begun = performance.now();
  for (let i = 0; i < mostRuns && (performance.now() - begun) / 1000 < budget; i++) {
    const started = performance.now();
    await run();
    best = Math.min(best, (performance.now() - started) / 1000);
    if (best > limit) break;
  }
  return best;
}

/**
 * What `work` comes to, if it does so within `seconds`; otherwise null, and what comes of it later is handed to `discard`.
 * Rejects as `work` does.
 */
export async function within<T>(
  seconds: number,
  work: Promise<T>,
  discard: (late: T) => void = () => {},
): Promise<T | null> {
  const outcome: { expired: boolean; timer?: ReturnType<typeof setTimeout> } = { expired: false };
  const expiry = new Promise<null>((resolve) => {
    outcome.timer = setTimeout(() => {
      outcome.expired = true;
      resolve(null);
    }, 1000 * seconds);
  });
  work.then(
    (late) => {
      if (outcome.expired) discard(late);
    },
    () => {},
  );
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(outcome.timer);
  }
}
