/** A WASM module of ours on a memory of its own, of which an arena gives out the part above the module's data. */
import { AdaptiveError } from '../core/errors.js';
import { Arena } from './arena.js';

const page = 65_536;
const firstPages = 16;
/** Below the 4 GiB that a 32-bit module can address, so that addresses stay positive as i32. */
const addressable = 2 ** 31 - page;

type WasmFunction = (...args: number[]) => number;

export interface WasmInstance<Name extends string> {
  readonly memory: WebAssembly.Memory;
  readonly arena: Arena;
  readonly functions: Readonly<Record<Name, WasmFunction>>;
}

/**
 * @param names the functions that the module must export, besides `arenaStart`.
 * @throws AdaptiveError 'unsupported' when the module does not run here or is another one.
 */
export function instantiate<const Name extends string>(
  module: WebAssembly.Module,
  names: readonly Name[],
  maximumBytes = addressable,
): WasmInstance<Name> {
  const limit = Math.min(maximumBytes, addressable);
  const memory = new WebAssembly.Memory({ initial: firstPages, maximum: Math.ceil(limit / page) });
  const abort = (_message: number, _file: number, line: number, column: number) => {
    throw new AdaptiveError('internal', `An assertion of the WASM module failed at ${line}:${column}.`, {
      line,
      column,
    });
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const start = exported(exports, 'arenaStart')();
  const functions = Object.fromEntries(names.map((name) => [name, exported(exports, name)]));
  if (!hasAll(functions, names)) throw wrongModule();
  return { memory, arena: new Arena(memory, start, limit), functions };
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
