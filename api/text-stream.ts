import type { WritingHooks } from './session.js';

/** What `write` writes, as a stream. Cancelling it stops the writing. */
export function textStream(write: (hooks: WritingHooks) => Promise<unknown>): ReadableStream<string> {
  const cancel = new AbortController();
  return new ReadableStream<string>({
    start: (controller) => {
      const onText = (piece: string): void => {
        if (!cancel.signal.aborted) controller.enqueue(piece);
      };
      write({ cancelled: cancel.signal, onText }).then(
        () => {
          if (!cancel.signal.aborted) controller.close();
        },
        (thrown: unknown) => controller.error(thrown),
      );
    },
    cancel: (reason) => cancel.abort(reason),
  });
}
