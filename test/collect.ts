/** Collects garbage in Node now, so that what is counted afterwards is what is held. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose_gc');
const collector: unknown = runInNewContext('gc');

function isCallable(value: unknown): value is () => void {
  return typeof value === 'function';
}

/** Twice: the second time waits for what the first left to other threads. */
export function collect(): void {
  if (!isCallable(collector)) throw new Error('There is no collector.');
  collector();
  collector();
}
