/** The limits of this machine: fused multiply-adds a second on one thread, and bytes read a second. */
import { instantiate } from '../../worker/wasm-module.js';
import { figure, timeIt, type Figure } from '../figure.js';

const streamBytes = 96 * 2 ** 20; // more than any cache

export interface Peak {
  /** FLOP/s of one thread. */
  readonly operations: Figure;
  /** Bytes/s of one thread. */
  readonly bandwidth: Figure;
}

export function measurePeak(module: WebAssembly.Module): Peak {
  const { arena, functions } = instantiate(module, ['multiplyAdds', 'operationsPerRound', 'readStream']);
  const rounds = 200_000;
  const operations = rounds * functions.operationsPerRound();
  const from = arena.take(streamBytes);
  const multiply = timeIt(() => void functions.multiplyAdds(rounds));
  const read = timeIt(() => void functions.readStream(from, streamBytes));
  return {
    operations: figure(
      'multiply-adds in registers',
      'FLOP/s',
      multiply.map((seconds) => operations / seconds),
    ),
    bandwidth: figure(
      'bytes read in a stream',
      'B/s',
      read.map((seconds) => streamBytes / seconds),
    ),
  };
}
