/** A WASM module of ours on a memory of its own, of which an arena gives out the part above the module's data. */
import { AdaptiveError } from '../core/errors.js';
import { Arena } from './arena.js';

const page = 65_536;
const firstPages = 16;
const leastSharedPages = 2048; // 128 MiB
/** Below the 4 GiB that a 32-bit module can address, so that addresses stay positive as i32. */
const addressable = 2 ** 31 - page;

type WasmFunction = (...args: number[]) => number;

export interface WasmInstance<Name extends string> {
  readonly memory: WebAssembly.Memory;
  readonly arena: Arena;
  readonly functions: Readonly<Record<Name, WasmFunction>>;
}

export interface MemoryOptions {
  readonly maximumBytes?: number | undefined;
  /** Memory that threads can share; needs cross-origin isolation in a browser. */
  readonly shared?: boolean;
}

/**
 * @param names the functions that the module must export, besides `arenaStart`.
 * @throws AdaptiveError 'unsupported' when the module does not run here or is another one, 'memory'.
 */
export function instantiate<const Name extends string>(
  module: WebAssembly.Module,
  names: readonly Name[],
  { maximumBytes = addressable, shared = false }: MemoryOptions = {},
): WasmInstance<Name> {
  const limit = Math.min(maximumBytes, addressable);
  const { memory, maximum } = makeMemory(limit, shared);
  const functions = attach<Name | 'arenaStart'>(module, [...names, 'arenaStart'], memory);
  return { memory, arena: new Arena(memory, functions.arenaStart(), maximum), functions };
}

/** The functions of an instance of the module on a memory that is there already. */
export function attach<const Name extends string>(
  module: WebAssembly.Module,
  names: readonly Name[],
  memory: WebAssembly.Memory,
): WasmInstance<Name>['functions'] {
  const abort = (_message: number, _file: number, line: number, column: number) => {
    throw new AdaptiveError('internal', `An assertion of the WASM module failed at ${line}:${column}.`, {
      line,
      column,
    });
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const functions = Object.fromEntries(names.map((name) => [name, exported(exports, name)]));
  if (!hasAll(functions, names)) throw wrongModule();
  return functions;
}

/** Shared memory reserves its maximum at once; where that much cannot be had, less is tried. */
function makeMemory(limit: number, shared: boolean) {
  const initial = firstPages;
  let pages = Math.ceil(limit / page);
  for (;;) {
    try {
      const memory = new WebAssembly.Memory({ initial, maximum: pages, shared });
      return { memory, maximum: Math.min(limit, pages * page) };
    } catch (cause) {
      if (!shared || pages < leastSharedPages) throw noMemory(cause);
      pages = Math.floor(pages / 2);
    }
  }
}

function noMemory(cause: unknown): AdaptiveError {
  const message = 'There is no memory for another model. Close other tabs, or end models that are no longer needed.';
  return new AdaptiveError('memory', message, {}, { cause });
}

function exported(exports: WebAssembly.Exports, name: string): WasmFunction {
  const value = exports[name];
  if (!isFunction(value)) throw wrongModule();
  return value;
}

function isFunction(value: unknown): value is WasmFunction {
  return typeof value === 'function';
}

function hasAll<Name extends string>(
  functions: Record<string, WasmFunction>,
  names: readonly Name[],
): functions is Record<Name, WasmFunction> {
  return names.every((name) => name in functions);
}

function wrongModule(): AdaptiveError {
  return new AdaptiveError(
    'unsupported',
    'A .wasm file is not the one that this script expects. Serve the files of one release together.',
  );
}
