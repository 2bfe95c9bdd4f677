/** Timing for a choice between two, not for a benchmark: short, and over at once when there is nothing to win. */

/** Runs after the warm-up, at most; and no other is begun after this long. */
const mostRuns = 3;
const budget = 0.3; // s

/**
 * Seconds that the quickest of a few runs takes. A run before them, in which things are made that are then kept, does not
 * count. Nothing more is run once one took longer than `limit` seconds. `now` is the clock, in ms.
 */
export async function quickest(
  run: () => Promise<unknown>,
  limit = Infinity,
  now: () => number = () => performance.now(),
): Promise<number> {
  await run();
  let best = Infinity;
  const begun = now();
  for (let i = 0; i < mostRuns && (now() - begun) / 1000 < budget; i++) {
    const started = now();
    await run();
    best = Math.min(best, (now() - started) / 1000);
    if (best > limit) break;
  }
  return best;
}
