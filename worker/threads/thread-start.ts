/** What a thread is told when it begins: one of two trades, which it keeps until it is terminated. */
import { attach } from '../wasm-module.js';
import { serveThread, type ReplayStart } from './thread-loop.js';

/** It takes parts of products (assembly/kernels/crew.ts). */
export interface HelpStart {
  readonly kind: 'help';
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the crew's block. */
  readonly crew: number;
}

export type ThreadStart = ReplayStart | HelpStart;

/** Does not return. */
export function startThread(start: ThreadStart): void {
  if (start.kind === 'replay') serveThread(start);
  else attach(start.module, ['help'], start.memory).help(start.crew);
}
