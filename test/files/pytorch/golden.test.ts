/** State dicts that PyTorch wrote (golden.py): the imported models compute what PyTorch computed from them. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { ModelConfig } from '../../../core/config.js';
import { generationProgram } from '../../../model/language-model.js';
import { importModel, type ImportOptions } from '../../../worker/files/exchange.js';
import { readSafetensors } from '../../../worker/files/safetensors.js';
import { createWasmExecutor } from '../../../worker/wasm-executor.js';
import { modules } from '../../worker/engines.js';

const tokenizer = new TextEncoder().encode('\ufffd\na\nb\nc\nd\ne\nf\n');

function numbers(json: string | undefined): unknown[] {
  const value: unknown = JSON.parse(json ?? 'null');
  assert.ok(Array.isArray(value));
  return value;
}

/** The largest error of a logit. */
async function worstLogit(name: string, options: ImportOptions): Promise<{ config: ModelConfig; worst: number }> {
  const file = readSafetensors(await readFile(`test/files/pytorch/golden/${name}.safetensors`));
  const { config, parameters } = importModel(file, { tokenizer, ...options });
  const executor = await createWasmExecutor({ module: modules.kernels });
  const runner = await executor.load(generationProgram(config, 1));
  runner.write('parameters', parameters);
  runner.write('sampling', Float32Array.of(0, 0, 1));
  const logits = new Float32Array(config.vocabularySize);
  const golden = numbers(file.metadata['logits']);
  let worst = 0;
  for (const [step, id] of numbers(file.metadata['ids']).map(Number).entries()) {
    runner.write('ids', Int32Array.of(id));
    runner.run(1);
    await runner.read('logits', logits);
    const expected = golden[step];
    assert.ok(Array.isArray(expected));
    logits.forEach((logit, k) => (worst = Math.max(worst, Math.abs(logit - Number(expected[k])))));
  }
  executor.destroy();
  return { config, worst };
}

const shape = { embeddingSize: 4, hiddenSizes: [5, 5], tiedDecoder: false };
const adaptive: Partial<ModelConfig> = {
  cell: 'lstm',
  adaptation: 'io',
  latent: 'recurrent',
  latentSize: 3,
  hiddenSizes: [5, 4],
  tiedDecoder: true,
};

const cases: readonly (readonly [name: string, expected: Partial<ModelConfig>, options?: ImportOptions])[] = [
  ['word-language-model', { ...shape, cell: 'lstm', adaptation: 'static' }, { format: 'lstm' }],
  ['word-language-model-tied', { ...shape, cell: 'lstm', embeddingSize: 5, tiedDecoder: true }, { format: 'lstm' }],
  ['word-language-model-gru', { ...shape, cell: 'gru' }],
  ['word-language-model-rnn', { ...shape, cell: 'rnn' }],
  ['awd-lstm', { cell: 'lstm', hiddenSizes: [5, 4], tiedDecoder: true }],
  ['adaptive', adaptive, { format: 'pytorch' }],
  ['adaptive-published', adaptive, { format: 'pytorch', slices: 'published' }],
];

for (const [name, expected, options = {}] of cases) {
  test(`${name}: configuration, and logits within 1e-5`, async () => {
    const { config, worst } = await worstLogit(name, options);
    assert.deepEqual({ ...config, ...expected }, config);
    assert.ok(worst < 1e-5, String(worst));
  });
}

test('the slices that were published mean something else', async () => {
  const { worst } = await worstLogit('adaptive-published', { format: 'pytorch' });
  assert.ok(worst > 0.1, String(worst));
});
