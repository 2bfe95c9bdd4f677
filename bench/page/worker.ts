/** Measures in a worker, as the runtime works. One request, one answer. */
import { relaxedSimd } from 'wasm-feature-detect';
import { browserFolder } from '../../worker/storage/browser-folder.js';
import { measureWaits } from '../checkpoint-waits.js';
import type { ConfigurationName, Model, NetName } from '../configurations.js';
import type { Figure } from '../figure.js';
import { measureCorpus, type CorpusCase } from './corpus.js';
import { ourExecutor } from './executor.js';
import { measureGeneration, type GenerationCase } from './generation.js';
import { measureNet } from './nets.js';
import { measurePeak, type Peak } from './peak.js';
import { measureProducts } from './products.js';
import { measureTraining } from './training.js';

export type BenchRequest =
  | { readonly kind: 'peak' }
  | { readonly kind: 'products' }
  /** Into the private file system. */
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'training'; readonly name: ConfigurationName; readonly model: Model; readonly threads: number }
  | { readonly kind: 'net'; readonly name: NetName; readonly hiddenSize: number }
  | ({ readonly kind: 'generation' } & GenerationCase)
  | ({ readonly kind: 'corpus' } & CorpusCase);

export type BenchAnswer = { readonly peak?: Peak; readonly figures: readonly Figure[] } | { readonly error: string };

async function peakModule(): Promise<WebAssembly.Module> {
  const relaxed = await relaxedSimd();
  const url = relaxed ? new URL('./peak-relaxed.wasm', import.meta.url) : new URL('./peak.wasm', import.meta.url);
  return WebAssembly.compile(await (await fetch(url)).arrayBuffer());
}

async function answer(request: BenchRequest): Promise<BenchAnswer> {
  if (request.kind === 'corpus') return { figures: [await measureCorpus(request)] };
  if (request.kind === 'checkpoint') {
    const folder = await browserFolder('bench');
    if (folder.kind !== 'opfs') throw new Error(`Checkpoints lie in ${folder.kind} here.`);
    return { figures: await measureWaits(folder) };
  }
  if (request.kind === 'peak') return { peak: measurePeak(await peakModule()), figures: [] };
  const executor = await ourExecutor();
  try {
    switch (request.kind) {
      case 'products':
        return { figures: await measureProducts(executor) };
      case 'training':
        return { figures: [await measureTraining(executor, request.name, request.model, request.threads, 4)] };
      case 'net':
        return { figures: [await measureNet(executor, request.name, request.hiddenSize, 1)] };
      case 'generation':
        return { figures: [await measureGeneration(executor, request, 1)] };
    }
  } finally {
    executor.destroy();
  }
}

onmessage = ({ data }: MessageEvent<BenchRequest>) => {
  answer(data).then(
    (result) => postMessage(result),
    (error: unknown) => postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
};
