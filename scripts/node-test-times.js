/** A reporter of node:test: how many seconds the tests of each file took, the dearest first. */
import { relative } from 'node:path';

export default async function* times(events) {
  const seconds = {};
  for await (const { type, data } of events) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting > 0 || !data.file) continue;
    const file = relative('build/test', data.file);
    seconds[file] = (seconds[file] ?? 0) + data.details.duration_ms / 1000;
  }
  const sorted = Object.entries(seconds).sort(([, a], [, b]) => b - a);
  yield `${JSON.stringify(Object.fromEntries(sorted.map(([file, time]) => [file, Number(time.toFixed(1))])), null, 2)}\n`;
}
