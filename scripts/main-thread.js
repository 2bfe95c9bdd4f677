/**
 * How long tasks of a page's main thread run, for its tests: by Chromium's own trace, in time of the processor. By the clock
 * on the wall a task that was put aside, because more wanted to run than there are processors, counts as a long one.
 */

const categories = ['disabled-by-default-devtools.timeline', 'blink.user_timing'];

/** Commands of `test/page/main-thread.ts`. */
export const mainThread = {
  name: 'main-thread',
  async executeCommand({ command, payload, session }) {
    if (command !== 'trace-main-thread') return undefined;
    const { tracing } = session.browser.getPage(session.id);
    if (payload.end === undefined) {
      await tracing.start({ categories });
      return true;
    }
    return taskTimes(JSON.parse(Buffer.from(await tracing.stop()).toString()), payload.end);
  },
};

/** ms of each task of the thread that made the mark `end`. */
function taskTimes({ traceEvents }, end) {
  const mark = traceEvents.find(({ name }) => name === end);
  if (!mark) throw new Error(`There is no mark ${end} in the trace.`);
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === mark.pid && tid === mark.tid)
    .map(({ tdur = 0 }) => tdur / 1000);
}
