/** Small checkpoints, and what a store of them needs. */
import { parseModelConfig, parseTrainingConfig } from '../../../core/config.js';
import { languageModelLayout } from '../../../core/parameters.js';
import type { RunRecord } from '../../../core/run-record.js';
import type { Checkpoint } from '../../../worker/storage/checkpoint.js';
import { CheckpointStore } from '../../../worker/storage/checkpoint-store.js';
import type { Folder } from '../../../worker/storage/folder.js';
import type { Locks } from '../../../worker/storage/locks.js';
import { MemoryFolder } from '../../../worker/storage/memory-folder.js';
import { ModelStore } from '../../../worker/storage/model-store.js';

/** Locks of one process. */
export function simpleLocks(): Locks {
  const held = new Set<string>();
  return {
    take: async (name) => {
      if (held.has(name)) return null;
      held.add(name);
      return () => void held.delete(name);
    },
    isHeld: async (name) => held.has(name),
  };
}

export function storeIn(folder: Folder, locks = simpleLocks()): CheckpointStore {
  return new CheckpointStore(folder, locks);
}

export function recordAt(step: number): RunRecord {
  const series = { points: [{ step, loss: 1 / step }], stride: 1, seen: 1 };
  return {
    config: parseTrainingConfig({}),
    totalSteps: 100,
    stepsPerEpoch: 10,
    validateEvery: 5,
    sampleEvery: 5,
    meter: {
      step,
      tokens: 7 * step,
      last: { loss: 1 / 3, gradientNorm: 0.1, learningRate: 0.003, tokens: 7 },
      smooth: 1.1,
      weight: 0.3,
      speed: 1234.5,
      secondsPerStep: 0.01,
      elapsed: 1.5,
      validationLoss: null,
      best: 0.75,
    },
    position: 3 * step,
    due: ['validate', 'sample'],
    judged: true,
    keptAny: true,
    continued: false,
    samplePrompt: 'The “keeper”',
    sample: 'x',
    curve: { training: series, validation: series, best: null },
    corpus: {
      id: 'abc',
      name: 'notes.txt',
      weights: [1],
    },
  };
}

/** Everything in memory. */
export function memoryStore(models: Folder = new MemoryFolder(), corpora: Folder = new MemoryFolder()): ModelStore {
  return new ModelStore(models, corpora, simpleLocks());
}

/** Whose numbers all tell which it is. */
export function checkpointAt(step: number, { ended = false } = {}): Checkpoint {
  const config = parseModelConfig({
    cell: 'lstm',
    adaptation: 'static',
    latent: 'linear',
    vocabularySize: 3,
    embeddingSize: 1,
    hiddenSizes: [1],
    latentSize: 1,
    tiedDecoder: false,
  });
  const flat = (offset: number) =>
    Float32Array.from({ length: languageModelLayout(config).length }, (_, i) => step + offset + i / 1000);
  return {
    config,
    tokenizer: { kind: 'characters', alphabet: 'a“' },
    title: 'Keeper’s',
    validationLoss: 1 / step,
    model: flat(0),
    run: ended
      ? null
      : {
          record: recordAt(step),
          state: {
            parameters: flat(0.1),
            moment1: flat(0.2),
            moment2: flat(0.3),
            recurrent: new Map([
              ['state.0.h', Float32Array.of(step, 1)],
              ['state.0.c', Float32Array.of(step, 2)],
            ]),
          },
        },
  };
}

/** Writes one, whole. */
export async function keep(store: CheckpointStore, name: string, checkpoint: Checkpoint): Promise<void> {
  const kept = await store.claim(name);
  try {
    const pending = await kept.begin(checkpoint);
    while (!(await pending.advance(0)));
  } finally {
    kept.release();
  }
}
