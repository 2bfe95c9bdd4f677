/** Measures other engines that run in a browser, each beside ours in the same run. Runs in Node and talks to the page. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'puppeteer-core';
import {
  configurationNames,
  configurations,
  modelConfig,
  type ConfigurationName,
  type Model,
} from '../configurations.js';
import type { Figure } from '../figure.js';
import { trainingOperations } from '../operations.js';
import type { BenchRequest } from '../page/worker.js';
import type { PeerBackend, PeerRequest } from './protocol.js';

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
  /** On WebGPU: seconds that a step of M would take with as many operations a second. The peers have no M. */
  readonly stepOfM?: number;
}

type OurRequest = Extract<PeerRequest, { readonly engine: 'ours' }>;
type TheirRequest = Exclude<PeerRequest, OurRequest>;

interface Comparison {
  readonly name: string;
  /** By ascending number of threads. */
  readonly ours: readonly { readonly request: BenchRequest | OurRequest; readonly threads: number }[];
  readonly peers: readonly TheirRequest[];
}

function training(model: Model): Comparison {
  const backend = 'wasm';
  // TensorFlow.js's own gradients of the aLSTM would take as long as all the rest.
  const automatic: TheirRequest[] =
    model === 'LSTM' ? [{ engine: 'tensorflow', model, backend, gradients: 'automatic' }] : [];
  return {
    name: `training ${model} S`,
    ours: [1, 2].map((threads) => ({ request: { kind: 'training', name: 'S', model, threads }, threads })),
    peers: [
      ...automatic,
      { engine: 'tensorflow', model, backend, gradients: 'by hand' },
      { engine: 'jax', model, backend, threads: 1 },
      { engine: 'jax', model, backend, threads: 'all' },
    ],
  };
}

function trainingOnGpu(model: Model): Comparison {
  const backend = 'webgpu';
  return {
    name: `training ${model} S`,
    ours: [{ request: { engine: 'ours', model, backend }, threads: 1 }],
    peers: [
      { engine: 'jax', model, backend, threads: 'all' },
      { engine: 'tensorflow', model, backend, gradients: 'by hand' },
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

const comparisons: Readonly<Record<PeerBackend, readonly Comparison[]>> = {
  wasm: [
    training('LSTM'),
    training('aLSTM'),
    ...configurationNames.flatMap((name) => [writing(name, 'f32'), writing(name, 'int8')]),
  ],
  webgpu: [trainingOnGpu('LSTM'), trainingOnGpu('aLSTM')],
};

/**
 * Calls `report` with each line as it comes: ours, then the peers beside it, each against ours on as many threads.
 * @returns whether all peers could be measured.
 */
export async function measurePeers(
  page: Page,
  backend: PeerBackend,
  measureOurs: (request: BenchRequest) => Promise<Figure>,
  report: (line: PeerLine) => void,
): Promise<boolean> {
  let whole = true;
  for (const { name, ours, peers } of comparisons[backend]) {
    const measured: { readonly figure: Figure; readonly threads: number }[] = [];
    for (const { request, threads } of ours) {
      const figure = 'engine' in request ? await measureOnGpu(page, request) : await measureOurs(request);
      measured.push({ figure, threads });
      report({ ...figure, engine: 'ours', ratio: null, against: null, ...foretold(request, figure) });
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
        engine: `${engine}${onGpu(peer) ? ', WebGPU' : `, ${threads} thread${threads === 1 ? '' : 's'}`}`,
        ratio: against && against.median / speed.median,
        against: against && against.name,
        ...foretold(peer, speed),
      });
    }
  }
  return whole;
}

async function measureOnGpu(page: Page, request: OurRequest): Promise<Figure> {
  const answer = await page.evaluate((question) => globalThis.measurePeer(question), request);
  if ('error' in answer) throw new Error(`Ours was not measured: ${answer.error}`);
  return answer.speed;
}

function onGpu(request: TheirRequest): boolean {
  return 'backend' in request && request.backend === 'webgpu';
}

function foretold(request: BenchRequest | PeerRequest, { median }: Figure): Pick<PeerLine, 'stepOfM'> {
  if (!('backend' in request) || request.backend !== 'webgpu') return {};
  const operations = (name: ConfigurationName) => trainingOperations(modelConfig(name, request.model));
  const { batch, steps } = configurations.M;
  return { stepOfM: (batch * steps * operations('M')) / (median * operations('S')) };
}

function variant(request: TheirRequest): string {
  return request.engine === 'tensorflow' ? `, gradients ${request.gradients}` : '';
}

function wantedThreads(request: TheirRequest): string {
  if (onGpu(request)) return ', WebGPU';
  return request.engine === 'tensorflow' ? '' : `, ${request.threads} thread${request.threads === 1 ? '' : 's'}`;
}

/** Some of them do not say it themselves. */
async function version(package_: string): Promise<string> {
  const text = await readFile(`node_modules/${package_}/package.json`, 'utf8');
  return /"version": *"([^"]+)"/.exec(text)?.[1] ?? 'of unknown version';
}
