/** Small engines on the real WASM backend, and token streams that need no text. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseModelConfig, type ModelConfig } from '../../core/config.js';
import type { Executor } from '../../core/executor.js';
import { Random } from '../../core/random.js';
import type { TokenDecoder, Tokenizer } from '../../core/tokenizer.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../core/parameters.js';
import type { Modules } from '../../worker/assets.js';
import { Backends } from '../../worker/backends.js';
import { Engine } from '../../worker/engine.js';
import { segmentSteps, type TokenStream } from '../../worker/token-stream.js';
import { createWasmExecutor, WasmExecutor } from '../../worker/wasm-executor.js';

const compiled = async (name: string) => WebAssembly.compile(await readFile(`build/assembly/${name}.wasm`));
const [kernels, text] = await Promise.all([compiled('kernels'), compiled('text')]);

/** For one thread. */
export const modules: Modules = { kernels, text, threads: null };

export const wasmBackends = new Backends(async () => modules, { gpu: null });

/** Letters a, b, c, … as ids 0, 1, 2, …: a tokenizer without an alphabet to learn. */
export function letters(size: number): Tokenizer {
  const letter = (id: number) => String.fromCharCode(97 + id);
  const decoder: TokenDecoder = { push: letter, end: () => '' };
  return {
    spec: { kind: 'bytes' },
    size,
    bytes: 0,
    encode: (text) =>
      Int32Array.from([...text], (character) => (character.toString().charCodeAt(0) - 97 + size) % size),
    decodeBytes: (ids) => Uint8Array.from(ids),
    decode: (ids) => [...ids].map(letter).join(''),
    countUnknown: () => 0,
    decoder: () => decoder,
  };
}

export const vocabularySize = 8;

export async function smallEngine(
  changes: Partial<ModelConfig> = {},
  seed = 1,
  around: (executor: Executor) => Executor = (executor) => executor,
): Promise<Engine> {
  const config = parseModelConfig({
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    vocabularySize,
    embeddingSize: 8,
    hiddenSizes: [24, 16],
    latentSize: 6,
    tiedDecoder: false,
    ...changes,
  });
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  initialise(layout, seed, parameters);
  const executor = await createWasmExecutor({ module: kernels });
  return Engine.create(around(executor), {
    config,
    tokenizer: letters(vocabularySize),
    title: '',
    parameters,
    validationLoss: null,
  });
}

/** Bytes of the engine's memory that are given out. */
export function usedBytes({ executor }: Engine): number {
  assert(executor instanceof WasmExecutor);
  return executor.wasm.arena.used;
}

/** A stream with something to learn: each id follows the one two places before it, with some noise. */
export function orderedStream(length: number, seed: number): Int32Array {
  const random = new Random(seed, 1);
  const stream = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const next = ((stream[i - 2] ?? 0) + 1) % vocabularySize;
    stream[i] = random.next() < 0.05 ? Math.floor(random.next() * vocabularySize) : next;
  }
  return stream;
}

/** The stream cut into `batchSize` rows. */
export function tokenStream(stream: Int32Array, batchSize: number): TokenStream {
  const rowLength = Math.floor((stream.length - 1) / batchSize);
  return {
    batchSize,
    rowLength,
    position: 0,
    next(ids, targets, maxSteps) {
      const steps = segmentSteps(this, maxSteps);
      fill(stream, rowLength, batchSize, this.position % rowLength, steps, ids, targets);
      this.position += steps;
      return steps;
    },
  };
}

function fill(
  stream: Int32Array,
  rowLength: number,
  batchSize: number,
  at: number,
  steps: number,
  ids: Int32Array,
  targets: Int32Array,
): void {
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < batchSize; b++) {
      ids[t * batchSize + b] = stream[b * rowLength + at + t] ?? 0;
      targets[t * batchSize + b] = stream[b * rowLength + at + t + 1] ?? 0;
    }
  }
}
