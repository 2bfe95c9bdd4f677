/**
 * A reporter of node:test, for the script that started it: how many tests passed, failed, …, and how many seconds those of
 * each file took, the dearest first.
 */
import { relative } from 'node:path';

export default async function* record(events) {
  const counts = {};
  const seconds = {};
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.nesting === 0) {
      const [, name, count] = /^(pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message) ?? [];
      if (name) counts[name] = Number(count);
    }
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting > 0 || !data.file) continue;
    const file = relative('build/test', data.file);
    seconds[file] = (seconds[file] ?? 0) + data.details.duration_ms / 1000;
  }
  const sorted = Object.entries(seconds).sort(([, a], [, b]) => b - a);
  const rounded = Object.fromEntries(sorted.map(([file, time]) => [file, Number(time.toFixed(1))]));
  yield `${JSON.stringify({ counts, seconds: rounded }, null, 2)}\n`;
}
