import type { WritingHooks } from './session.js';

/** What `write` writes, as a stream. Cancelling it stops the writing. */
export function textStream(write: (hooks: WritingHooks) => Promise<unknown>): ReadableStream<string> {
  const cancel = new AbortController();
  return new ReadableStream<string>({
    start: (controller) => {
      // What is given up may have a piece on its way still.
      let over = false;
      const onText = (piece: string): void => {
        if (!over && !cancel.signal.aborted) controller.enqueue(piece);
      };
      write({ cancelled: cancel.signal, onText }).then(
        () => {
          over = true;
          if (!cancel.signal.aborted) controller.close();
        },
        (thrown: unknown) => {
          over = true;
          controller.error(thrown);
        },
      );
    },
    cancel: (reason) => cancel.abort(reason),
  });
}
