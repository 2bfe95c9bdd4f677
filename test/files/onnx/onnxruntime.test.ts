/** Models as ONNX files, run by ONNX Runtime Web: the logits and the greedy text of ours, token for token. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { ModelConfig } from '../../../core/config.js';
import { precisions } from '../../../core/precision.js';
import { presetConfig } from '../../../core/presets.js';
import { generationProgram } from '../../../model/language-model.js';
import { decodeModelFile, encodeModelFile, type ModelFileContent } from '../../../worker/files/model-file.js';
import { encodeOnnx } from '../../../worker/files/onnx/onnx-file.js';
import { createWasmExecutor } from '../../../worker/wasm-executor.js';
import { modules } from '../../worker/engines.js';
import { everyKind, kindName, randomWeights } from '../models.js';

env.wasm.numThreads = 1;

const steps = 100;
const tolerance = 1e-4;

/** The file in ONNX Runtime, which reads one token of each text after the other. */
async function openOnnx(file: ArrayBuffer, sizeOf: (state: string) => number, batch = 1) {
  const session = await InferenceSession.create(new Uint8Array(file), { executionProviders: ['wasm'] });
  const states = session.inputNames.filter((name) => name.startsWith('state.'));
  const zeros = (name: string) => new Tensor('float32', new Float32Array(batch * sizeOf(name)), [batch, sizeOf(name)]);
  let feeds: Record<string, Tensor> = Object.fromEntries(states.map((name) => [name, zeros(name)]));
  return {
    states,
    read: async (...row: readonly number[]): Promise<Float32Array> => {
      const ids = new Tensor('int64', BigInt64Array.from(row, BigInt), [batch]);
      const results = await session.run({ ids, ...feeds });
      feeds = Object.fromEntries(states.map((name) => [name, tensor(results, `${name}.next`)]));
      const { data } = tensor(results, 'logits');
      assert.ok(data instanceof Float32Array);
      return data;
    },
    close: () => session.release(),
  };
}

function tensor(results: InferenceSession.OnnxValueMapType, name: string): Tensor {
  const found = results[name];
  assert.ok(found instanceof Tensor, `there is no ${name}`);
  return found;
}

const stateSize =
  ({ hiddenSizes, latentSize }: ModelConfig) =>
  (name: string) => {
    const [, layer, kind = ''] = name.split('.');
    return kind.startsWith('z') ? latentSize : (hiddenSizes[Number(layer)] ?? NaN);
  };

/** The largest difference of a logit while both write greedily; the texts must be the same. */
async function compare(content: ModelFileContent, from = 1): Promise<number> {
  const { config, parameters } = content;
  const theirs = await openOnnx(encodeOnnx(content), stateSize(config));
  const executor = await createWasmExecutor({ module: modules.kernels });
  const ours = await executor.load(generationProgram(config, 1));
  ours.write('parameters', parameters);
  ours.write('sampling', Float32Array.of(0, 0, 1)); // greedy
  ours.write('ids', Int32Array.of(from));
  const [id, expected] = [Int32Array.of(from), new Float32Array(config.vocabularySize)];
  let [next, worst] = [from, 0];
  for (let i = 0; i < steps; i++) {
    ours.run(1);
    const logits = await theirs.read(next);
    await ours.read('logits', expected);
    await ours.read('id', id);
    for (let k = 0; k < expected.length; k++) {
      const difference = Math.abs((logits[k] ?? NaN) - (expected[k] ?? NaN));
      worst = difference <= worst ? worst : difference; // NaN counts
    }
    next = logits.indexOf(Math.max(...logits));
    assert.equal(next, id[0], `token ${i + 1}`);
  }
  executor.destroy();
  await theirs.close();
  return worst;
}

const plain = (config: ModelConfig, parameters: Float32Array): ModelFileContent => ({
  config,
  tokenizer: { kind: 'bytes' },
  parameters,
  title: '',
  validationLoss: null,
});

test(`every kind of model: logits within ${tolerance} over ${steps} tokens, and the same greedy text`, async () => {
  let worst = 0;
  for (const config of everyKind()) {
    const error = await compare(plain(config, randomWeights(config)));
    assert.ok(error < tolerance, `${kindName(config)}: ${error}`);
    worst = Math.max(worst, error);
  }
  console.log(`worst logit: ${worst.toExponential(1)}`);
});

test('the shipped model in every precision, which keeps what it holds of the weights', async () => {
  const shipped = decodeModelFile(await readFile('models/shakespeare.safetensors'));
  const sizes: number[] = [];
  for (const precision of precisions) {
    // What the file keeps is what our own keeps.
    const { parameters } = decodeModelFile(encodeModelFile({ ...shipped, precision }));
    const content = { ...shipped, parameters, precision };
    const error = await compare(content);
    assert.ok(error < tolerance, `${precision}: ${error}`);
    sizes.push(encodeOnnx(content).byteLength);
  }
  const [f32 = 0, f16 = 0, int8 = 0] = sizes;
  assert.ok(f32 / f16 > 1.9 && f32 / int8 > 3.5, sizes.join());
});

test('a batch of texts is as many texts', async () => {
  const config = presetConfig('small', 20);
  const file = encodeOnnx(plain(config, randomWeights(config)));
  const texts = [
    [1, 5, 7, 2],
    [3, 3, 19, 0],
  ] as const;
  const together = await openOnnx(file, stateSize(config), texts.length);
  const apart = await Promise.all(texts.map(() => openOnnx(file, stateSize(config))));
  for (const step of texts[0].keys()) {
    const ids = texts.map((text) => text[step] ?? NaN);
    const rows = await Promise.all(apart.map(({ read }, row) => read(ids[row] ?? NaN)));
    const batch = await together.read(...ids);
    const worst = batch.reduce((most, logit, i) => {
      const other = rows[Math.floor(i / config.vocabularySize)]?.[i % config.vocabularySize] ?? NaN;
      return Math.max(most, Math.abs(logit - other));
    }, 0);
    assert.ok(worst < 1e-6, `step ${step}: ${worst}`);
  }
});
