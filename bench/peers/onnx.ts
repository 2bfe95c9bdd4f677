/**
 * ONNX Runtime Web on WASM: writing with the static LSTM at batch 1. It no longer trains, and knows no adaptive LSTM; its
 * state is an input and an output of each token.
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { generationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { modelConfig } from '../configurations.js';
import { figure, timeAsync } from '../figure.js';
import { ourExecutor } from '../page/executor.js';
import { plainWeights } from '../page/generation.js';
import { tokenModel } from './onnx-model.js';
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
  const layout = languageModelLayout(config);
  const parameters = plainWeights(layout);
  const { model, states } = tokenModel(config, layout, parameters);
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });

  let feeds: Record<string, Tensor> = { id: new Tensor('int64', BigInt64Array.of(0n), [1, 1]) };
  for (const { name: state, shape } of states) {
    feeds[state] = new Tensor('float32', new Float32Array(shape.reduce((product, size) => product * size)), shape);
  }
  const wanted = ['next', ...states.map(({ name: state }) => `${state}_out`)];
  const write = async (outputs: readonly string[]) => {
    const results = await session.run(feeds, outputs);
    feeds = { id: got(results, 'next') };
    for (const { name: state } of states) feeds[state] = got(results, `${state}_out`);
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

function got(results: InferenceSession.OnnxValueMapType, name: string): Tensor {
  const tensor = results[name];
  if (!(tensor instanceof Tensor)) throw new TypeError(`ONNX Runtime gives no ${name}.`);
  return tensor;
}
