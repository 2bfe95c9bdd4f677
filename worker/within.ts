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
