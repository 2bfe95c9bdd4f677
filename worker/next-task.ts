/** Lets messages in. Long loops in the worker await this between two units of work. */

const immediate = typeof setImmediate === 'function' ? setImmediate : null;
const waiting: (() => void)[] = [];
let channel: MessageChannel | null = null;

/** Resolves in a task of its own, after whatever is queued now. Unlike setTimeout it is not throttled to 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate) {
      immediate(resolve);
      return;
    }
    waiting.push(resolve);
    if (channel === null) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => waiting.shift()?.();
    }
    channel.port2.postMessage(null);
  });
}
