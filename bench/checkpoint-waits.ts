/**
 * How long training waits for its checkpoints: the copy, and each piece that is written between two steps. Numbers of about
 * 20 M parameters, between steps of a fifth of a second, into any folder.
 */
import { parseTrainingConfig } from '../core/config.js';
import { languageModelLayout } from '../core/parameters.js';
import type { RunRecord } from '../core/run-record.js';
import { RunKeeper } from '../worker/run-keeper.js';
import { CheckpointStore } from '../worker/storage/checkpoint-store.js';
import type { Folder } from '../worker/storage/folder.js';
import { modelConfig } from './configurations.js';
import { figure, type Figure } from './figure.js';

const stepTime = 200; // ms
const samples = 3;

const config = modelConfig('P', 'aLSTM');

/** Bytes of a checkpoint, the longest wait of a step for one, and all waits for one together. */
export async function measureWaits(folder: Folder): Promise<readonly Figure[]> {
  const { length, count } = languageModelLayout(config);
  const [model, ...state] = Array.from({ length: 4 }, () => new Float32Array(length).fill(0.1));
  const locks = { take: async () => () => {}, isHeld: async () => false };
  const store = new CheckpointStore(folder, locks);
  const written: number[] = [];
  const waits: number[][] = [];
  for (let i = 0; i < samples; i++) {
    const ofOne: number[] = [];
    const kept = await store.claim('bench');
    const keeper = new RunKeeper(kept, length, 0, (event) => {
      if (event.type === 'saved') written.push(event.bytes);
      if (event.type === 'unsaved') throw new Error(event.error.message);
    });
    while (written.length <= i) {
      await new Promise((resolve) => setTimeout(resolve, stepTime));
      const started = performance.now();
      await keeper.advance(async (room) => {
        [room.parameters, room.moment1, room.moment2].forEach((into, k) => into.set(state[k] ?? into));
        return {
          config,
          tokenizer: { kind: 'bytes' },
          title: '',
          validationLoss: null,
          model: model ?? room.parameters,
          run: { record, state: { ...room, recurrent: null } },
        };
      }, false);
      ofOne.push((performance.now() - started) / 1000);
    }
    waits.push(ofOne);
  }
  await store.remove('bench');
  const name = `checkpoint, ${(count / 1e6).toFixed(1)} M parameters, ${folder.kind}`;
  const total = waits.map((ofOne) => ofOne.reduce((sum, wait) => sum + wait, 0));
  return [
    figure(name, 'B', written),
    figure(
      'longest wait of a step',
      's',
      waits.map((ofOne) => Math.max(...ofOne)),
    ),
    figure('all waits of a checkpoint', 's', total),
  ];
}

const series = { points: [], stride: 1, seen: 0 };

const record: RunRecord = {
  config: parseTrainingConfig({}),
  totalSteps: 2,
  stepsPerEpoch: 1,
  validateEvery: 1,
  sampleEvery: 1,
  meter: {
    step: 1,
    tokens: 1,
    last: { loss: 1, gradientNorm: 1, learningRate: 1, tokens: 1 },
    smooth: 1,
    weight: 1,
    speed: 1,
    secondsPerStep: 1,
    elapsed: 1,
    validationLoss: null,
    best: null,
  },
  position: 1,
  due: [],
  judged: false,
  keptAny: false,
  continued: false,
  samplePrompt: '',
  sample: null,
  curve: { training: series, validation: series, best: null },
  corpus: { id: '', name: '', weights: [] },
};
