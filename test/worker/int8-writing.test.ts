/** Writing with weights in 8 bits: whole Programs beside the oracle, an engine's life, and what it costs in loss. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { parseGenerationConfig, parseModelConfig, type ModelConfig } from '../../core/config.js';
import type { Executor, LoadOptions } from '../../core/executor.js';
import { Random } from '../../core/random.js';
import { initialise } from '../../model/initialise.js';
import { generationProgram } from '../../model/language-model.js';
import { languageModelLayout } from '../../core/parameters.js';
import { Engine } from '../../worker/engine.js';
import { decodeModelFile, encodeModelFile } from '../../worker/files/model-file.js';
import { Generator } from '../../worker/generator.js';
import { TrainingControl } from '../../worker/training-control.js';
import { completeOptions, planTraining } from '../../worker/training-plan.js';
import { TrainingSession } from '../../worker/training-session.js';
import { Validator } from '../../worker/validator.js';
import { kernelExecutor, kernelFiles } from '../assembly/kernel-modules.js';
import { relativeError } from '../parity/compare.js';
import { createReferenceExecutor } from '../reference/executor.js';
import {
  letters,
  orderedStream,
  smallEngine,
  tokenStream,
  usedBytes,
  vocabularySize,
  wasmBackends,
} from './engines.js';

/** What is left of weights that were stored in 8 bits. */
function stored(config: ModelConfig, parameters: Float32Array): Float32Array {
  const characters = Array.from({ length: config.vocabularySize - 1 }, (_, i) => String.fromCharCode(0x100 + i));
  const tokenizer = { kind: 'characters', alphabet: characters.join('') } as const;
  const content = { config, tokenizer, parameters, title: '', validationLoss: null };
  return decodeModelFile(encodeModelFile({ ...content, precision: 'int8' })).parameters;
}

interface Logits {
  readonly values: Float64Array;
}

/** Logits after a prompt and after each of some tokens that follow. */
async function logitsOf(
  executor: Executor,
  config: ModelConfig,
  parameters: Float32Array,
  options?: LoadOptions,
): Promise<Logits[]> {
  const runner = await executor.load(generationProgram(config, 5), options);
  runner.write('parameters', parameters);
  runner.refresh();
  runner.write('sampling', Float32Array.of(0, 0, 1));
  const random = new Random(3, 3);
  const found: Logits[] = [];
  for (const length of [5, 1, 1, 3, 1, 1, 1, 1]) {
    runner.write(
      'ids',
      Int32Array.from({ length }, () => Math.floor(random.next() * config.vocabularySize)),
    );
    runner.run(length);
    found.push({ values: await runner.read('logits', new Float64Array(config.vocabularySize)) });
  }
  runner.unload();
  return found;
}

function worst(got: readonly Logits[], expected: readonly Logits[]): number {
  return Math.max(...got.map(({ values }, i) => relativeError(values, expected[i]?.values ?? [])));
}

const shape = { cell: 'lstm', latent: 'recurrent', vocabularySize: 37, embeddingSize: 19, latentSize: 7 } as const;
const models = {
  'io, one layer, untied': { ...shape, adaptation: 'io', hiddenSizes: [45], tiedDecoder: false },
  'io, two layers, tied': { ...shape, adaptation: 'io', hiddenSizes: [33, 19], tiedDecoder: true },
  'static, two layers, tied': { ...shape, adaptation: 'static', hiddenSizes: [33, 19], tiedDecoder: true },
} as const;

describe(`logits with weights in int8 (${kernelFiles.join(', ')})`, () => {
  for (const [name, model] of Object.entries(models)) {
    it(name, async () => {
      const config = parseModelConfig(model);
      const parameters = new Float32Array(languageModelLayout(config).length);
      initialise(languageModelLayout(config), 5, parameters);
      // Larger than they start: policies near 0 would hide most of what the cells do.
      const original = parameters.map((value) => 3 * value);
      const weights = stored(config, original);
      const exact = await logitsOf(createReferenceExecutor(), config, weights);
      const before = await logitsOf(createReferenceExecutor(), config, original);
      for (const file of kernelFiles) {
        const executor = await kernelExecutor(file);
        const got = await logitsOf(executor, config, weights, { weights: 'int8' });
        const again = await logitsOf(executor, config, weights, { weights: 'int8' });
        assert.deepEqual(again, got, 'the same bits each time');
        assert.ok(worst(got, exact) < 4e-3, `${file}: off the stored weights' by ${worst(got, exact)}`);
        assert.ok(worst(got, before) < 5e-2, `${file}: off the original weights' by ${worst(got, before)}`);
        executor.destroy();
      }
    });
  }
});

/** An engine on weights that went through 8 bits. */
async function engineOf(config: ModelConfig, parameters: Float32Array, precision: 'f32' | 'int8'): Promise<Engine> {
  const executor = await kernelExecutor('kernels.wasm');
  const model = { config, tokenizer: letters(vocabularySize), title: '', validationLoss: null };
  return Engine.create(executor, { ...model, parameters: stored(config, parameters), precision });
}

async function train(engine: Engine, epochs: number): Promise<void> {
  const training = tokenStream(orderedStream(8000, 1), 8);
  const options = { batchSize: 8, segmentLength: 16, epochs, learningRate: 0.01, validateEvery: 50 };
  const session = await TrainingSession.create({
    engine,
    backends: wasmBackends,
    choice: 'wasm',
    plan: planTraining(completeOptions(options, 8000), training.rowLength),
    training,
    validation: tokenStream(orderedStream(1000, 2), 4),
    charactersPerToken: 1,
    samplePrompt: 'ab',
    continued: false,
    control: new TrainingControl(),
    onEvent: () => {},
  });
  await session.run();
}

const config = parseGenerationConfig({ prompt: 'abc', maxTokens: 60, temperature: 1 });
const onward = { ...config, prompt: '', keepState: true };

test('an engine in int8 writes with it until it is trained, and with float32 from then on', async () => {
  const initial = await smallEngine({}, 4);
  const larger = (await initial.readParameters()).map((value) => 3 * value);
  const engine = await engineOf(initial.config, larger, 'int8');
  const plain = await engineOf(initial.config, larger, 'f32');
  assert.deepEqual([engine.info.precision, plain.info.precision], ['int8', 'f32']);
  assert.deepEqual(await engine.readParameters(), await plain.readParameters());
  const { text } = await new Generator(engine).generate(config);
  assert.equal((await new Generator(engine).generate(config)).text, text);
  const logits = () => engine.generation.read('logits', new Float32Array(vocabularySize));
  const [int8, f32] = [await logits(), await plain.generation.read('logits', new Float32Array(vocabularySize))];
  assert.notDeepEqual(int8, f32, 'its logits are those of other kernels');

  await train(engine, 0.5);
  await train(plain, 0.5);
  assert.equal(engine.info.precision, 'f32');
  assert.deepEqual(await engine.readParameters(), await plain.readParameters(), 'training is the same');
  assert.equal(usedBytes(engine), usedBytes(plain), 'the room for 8 bits was given back');
  const after = await new Generator(engine).generate(config);
  assert.equal(after.text, (await new Generator(plain).generate(config)).text);
  engine.destroy();
  plain.destroy();
});

test('what was written so far goes on when the kernels change', async () => {
  const initial = await smallEngine({}, 4);
  const larger = (await initial.readParameters()).map((value) => 3 * value);
  const engine = await engineOf(initial.config, larger, 'int8');
  const generator = new Generator(engine);
  await generator.generate({ ...config, temperature: 0 });
  const before = await generator.save();
  await engine.keepFloat32();
  assert.deepEqual(await generator.save(), before);
  const { tokens } = await generator.generate(onward);
  assert.equal(tokens, 60);
  engine.destroy();
});

/** Mean loss of a stream read token by token, from the logits of the writing Program. */
async function lossOfWriting({ generation, state }: Engine, stream: Int32Array): Promise<number> {
  state.clear();
  let sum = 0;
  const logits = new Float32Array(vocabularySize);
  for (let i = 0; i + 1 < stream.length; i++) {
    generation.write('ids', stream.subarray(i, i + 1));
    generation.run(1);
    await generation.read('logits', logits);
    const largest = Math.max(...logits);
    const total = logits.reduce((all, logit) => all + Math.exp(logit - largest), 0);
    sum += largest + Math.log(total) - (logits[stream[i + 1] ?? 0] ?? NaN);
  }
  return sum / (stream.length - 1);
}

async function lossOfEvaluation(engine: Engine, stream: Int32Array, options?: LoadOptions): Promise<number> {
  const validator = await Validator.create(engine.executor, engine.config, tokenStream(stream, 1), 64, options);
  const loss = await validator.run(() => false);
  validator.unload();
  return loss ?? NaN;
}

test('the loss of a trained model stays within half a per cent of that in float32', async () => {
  for (const adaptation of ['io', 'static'] as const) {
    const trained = await smallEngine({ adaptation });
    await train(trained, 6);
    const held = orderedStream(1500, 3);
    const exact = await lossOfEvaluation(trained, held);
    assert.ok(exact < 1, `${adaptation}: it has not learned, ${exact}`);
    const engine = await engineOf(trained.config, await trained.readParameters(), 'int8');
    const losses = {
      'float32, token by token': await lossOfWriting(trained, held),
      'weights in int8, kernels in float32': await lossOfEvaluation(engine, held),
      'int8 in segments': await lossOfEvaluation(engine, held, engine.loadOptions),
      'int8 token by token': await lossOfWriting(engine, held),
    };
    for (const [name, loss] of Object.entries(losses)) {
      assert.ok(Math.abs(loss / exact - 1) <= 0.005, `${adaptation}, ${name}: ${loss}, and ${exact} in float32`);
    }
    const apart = Math.abs(losses['int8 in segments'] - losses['int8 token by token']);
    assert.ok(apart < 1e-5, `the same kernels: ${apart} apart`);
    engine.destroy();
    trained.destroy();
  }
});
