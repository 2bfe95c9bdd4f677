/**
 * Keeps the screen on, and with it the device, until `work` has ended: a phone that falls asleep stops training. The platform
 * lets go whenever the page is hidden, so it is asked again when it is seen. Where it refuses, work goes on as it can.
 */
export function stayAwake(work: Promise<unknown>): void {
  if (!('wakeLock' in navigator)) return;
  const end = new AbortController();
  const { signal } = end;
  const take = async (): Promise<void> => {
    if (document.visibilityState !== 'visible') return;
    const lock = await navigator.wakeLock.request('screen').catch(() => null); // low on power, or not allowed here
    if (signal.aborted) void lock?.release();
    else signal.addEventListener('abort', () => void lock?.release());
  };
  document.addEventListener('visibilitychange', () => void take(), { signal });
  work.then(
    () => end.abort(),
    () => end.abort(),
  );
  void take();
}
