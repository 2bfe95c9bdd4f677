/**
 * ONNX Runtime Web on WASM: writing with the static LSTM at batch 1, from our own ONNX file with a greedy choice behind it.
 * It no longer trains; its state is an input and an output of each token.
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { ModelConfig } from '../../core/config.js';
import { generationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { onnxModel, type Node, type Value } from '../../worker/files/onnx/onnx-model.js';
import { joined } from '../../worker/files/onnx/protobuf.js';
import { tokenGraph } from '../../worker/files/onnx/token-graph.js';
import { modelConfig } from '../configurations.js';
import { figure, timeAsync } from '../figure.js';
import { ourExecutor } from '../page/executor.js';
import { plainWeights } from '../page/generation.js';
import { answerWith, type PeerRequest } from './protocol.js';

/** Tokens whose logits are compared. */
const checked = 6;
const tolerance = 1e-3;
const budget = 1; // s
/** Tokens a sample. */
const together = 32;

answerWith<Extract<PeerRequest, { readonly engine: 'onnx' }>>(async ({ name, threads }) => {
  const file = (extension: string) => new URL(`ort-wasm-simd-threaded.${extension}`, import.meta.url).href;
  env.wasm.wasmPaths = { mjs: file('mjs'), wasm: file('wasm') };
  env.wasm.numThreads = threads;
  const config = modelConfig(name, 'LSTM');
  const parameters = plainWeights(languageModelLayout(config));
  const session = await InferenceSession.create(greedyModel(config, parameters), { executionProviders: ['wasm'] });

  let feeds: Record<string, Tensor> = { ids: new Tensor('int64', BigInt64Array.of(0n), [1]) };
  const states = session.inputNames.filter((input) => input !== 'ids');
  for (const state of states) {
    const size = config.hiddenSizes[Number(state.split('.')[1])] ?? NaN;
    feeds[state] = new Tensor('float32', new Float32Array(size), [1, size]);
  }
  const wanted = ['next', ...states.map((state) => `${state}.next`)];
  const write = async (outputs: readonly string[]) => {
    const results = await session.run(feeds, outputs);
    feeds = { ids: got(results, 'next') };
    for (const state of states) feeds[state] = got(results, `${state}.next`);
    return results;
  };

  const executor = await ourExecutor();
  const ours = await executor.load(generationProgram(config, 1));
  ours.write('parameters', parameters);
  ours.write('sampling', Float32Array.of(0, 0, 1)); // greedy
  const id = new Int32Array(1);
  const expected = new Float32Array(config.vocabularySize);
  for (let i = 0; i < checked; i++) {
    ours.write('ids', id);
    ours.run(1);
    await ours.read('id', id);
    await ours.read('logits', expected);
    const results = await write([...wanted, 'logits']);
    const logits = got(results, 'logits').data;
    for (const [k, value] of expected.entries()) {
      if (!(Math.abs(Number(logits[k]) - value) < tolerance)) {
        throw new Error(`Logit ${k} of token ${i + 1} is ${String(logits[k])}, and ours is ${value}.`);
      }
    }
    const next = Number(got(results, 'next').data[0]);
    if (next !== id[0]) throw new Error(`Token ${i + 1} is ${next}, and ours is ${id[0] ?? NaN}.`);
  }
  executor.destroy();

  const samples = await timeAsync(async () => {
    for (let i = 0; i < together; i++) await write(wanted);
  }, budget);
  const speed = figure(
    `writing LSTM ${name} f32`,
    'tokens/s',
    samples.map((seconds) => together / seconds),
  );
  return { speed, threads };
});

/** The likeliest token comes out as `next`, which stays in the engine. */
function greedyModel(config: ModelConfig, parameters: Float32Array): Uint8Array {
  const { nodes, outputs, ...graph } = tokenGraph(config, parameters);
  const choice: Node = { type: 'ArgMax', inputs: ['logits'], outputs: ['next'], attributes: { axis: 1, keepdims: 0 } };
  const next: Value = { name: 'next', type: 'int64', shape: ['batch'] };
  return joined(onnxModel({ ...graph, nodes: [...nodes, choice], outputs: [...outputs, next] }));
}

function got(results: InferenceSession.OnnxValueMapType, name: string): Tensor {
  const tensor = results[name];
  if (!(tensor instanceof Tensor)) throw new TypeError(`ONNX Runtime gives no ${name}.`);
  return tensor;
}
