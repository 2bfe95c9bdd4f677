/** Measures other engines that run in a browser, each beside ours in the same run. Runs in Node and talks to the page. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'puppeteer-core';
import { configurationNames, type ConfigurationName, type Model } from '../configurations.js';
import type { Figure } from '../figure.js';
import type { BenchRequest } from '../page/worker.js';
import type { PeerRequest } from './protocol.js';

const names = { tensorflow: 'TensorFlow.js', jax: 'jax-js', onnx: 'ONNX Runtime Web' } as const;
const packages = { tensorflow: '@tensorflow/tfjs-core', jax: '@jax-js/jax', onnx: 'onnxruntime-web' } as const;

/** A figure of ours, or of a peer. */
export interface PeerLine extends Figure {
  /** 'ours', or name, version and variant. */
  readonly engine: string;
  /** ours / theirs, and the name of the line of ours; null where there is none. */
  readonly ratio: number | null;
  readonly against: string | null;
  /** Why a peer could not be measured. */
  readonly error?: string;
}

interface Comparison {
  readonly name: string;
  /** By ascending number of threads. */
  readonly ours: readonly { readonly request: BenchRequest; readonly threads: number }[];
  readonly peers: readonly PeerRequest[];
}

function training(model: Model): Comparison {
  // TensorFlow.js's own gradients of the aLSTM would take as long as all the rest.
  const automatic: PeerRequest[] = model === 'LSTM' ? [{ engine: 'tensorflow', model, gradients: 'automatic' }] : [];
  return {
    name: `training ${model} S`,
    ours: [1, 2].map((threads) => ({ request: { kind: 'training', name: 'S', model, threads }, threads })),
    peers: [
      ...automatic,
      { engine: 'tensorflow', model, gradients: 'by hand' },
      { engine: 'jax', model, threads: 1 },
      { engine: 'jax', model, threads: 'all' },
    ],
  };
}

/** Theirs is in f32. */
function writing(name: ConfigurationName, weights: 'f32' | 'int8'): Comparison {
  return {
    name: `writing LSTM ${name}, ours in ${weights}`,
    ours: [1, 2].map((threads) => ({
      request: { kind: 'generation', name, model: 'LSTM', weights, threads },
      threads,
    })),
    peers: [
      { engine: 'onnx', name, threads: 1 },
      { engine: 'onnx', name, threads: 2 },
    ],
  };
}

const comparisons = [
  training('LSTM'),
  training('aLSTM'),
  ...configurationNames.flatMap((name) => [writing(name, 'f32'), writing(name, 'int8')]),
];

/**
 * Calls `report` with each line as it comes: ours, then the peers beside it, each against ours on as many threads.
 * @returns whether all peers could be measured.
 */
export async function measurePeers(
  page: Page,
  measureOurs: (request: BenchRequest) => Promise<Figure>,
  report: (line: PeerLine) => void,
): Promise<boolean> {
  let whole = true;
  for (const { name, ours, peers } of comparisons) {
    const measured: { readonly figure: Figure; readonly threads: number }[] = [];
    for (const { request, threads } of ours) {
      const figure = await measureOurs(request);
      measured.push({ figure, threads });
      report({ ...figure, engine: 'ours', ratio: null, against: null });
    }
    for (const peer of peers) {
      const answer = await page.evaluate((question) => globalThis.measurePeer(question), peer);
      const engine = `${names[peer.engine]} ${await version(packages[peer.engine])}${variant(peer)}`;
      if ('error' in answer) {
        whole = false;
        const nothing = { unit: 'tokens/s', median: NaN, min: NaN, max: NaN, samples: 0 };
        report({
          name,
          ...nothing,
          engine: `${engine}${wantedThreads(peer)}`,
          ratio: null,
          against: null,
          error: answer.error,
        });
        continue;
      }
      const { speed, threads } = answer;
      const against = measured.findLast((each) => each.threads <= threads)?.figure ?? null;
      report({
        ...speed,
        name,
        engine: `${engine}, ${threads} thread${threads === 1 ? '' : 's'}`,
        ratio: against && against.median / speed.median,
        against: against && against.name,
      });
    }
  }
  return whole;
}

function variant(request: PeerRequest): string {
  return request.engine === 'tensorflow' ? `, gradients ${request.gradients}` : '';
}

function wantedThreads(request: PeerRequest): string {
  return request.engine === 'tensorflow' ? '' : `, ${request.threads} thread${request.threads === 1 ? '' : 's'}`;
}

/** Some of them do not say it themselves. */
async function version(package_: string): Promise<string> {
  const text = await readFile(`node_modules/${package_}/package.json`, 'utf8');
  return /"version": *"([^"]+)"/.exec(text)?.[1] ?? 'of unknown version';
}
