import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingOptions } from '../../core/config.js';
import { AdaptiveError } from '../../core/errors.js';
import type { TrainingEvent } from '../../core/protocol.js';
import type { Engine } from '../../worker/engine.js';
import type { TokenStream } from '../../worker/token-stream.js';
import { TrainingControl } from '../../worker/training-control.js';
import { completeOptions, planTraining } from '../../worker/training-plan.js';
import { TrainingSession } from '../../worker/training-session.js';
import { orderedStream, smallEngine, tokenStream, usedBytes, wasmBackends } from './engines.js';

const options: TrainingOptions = {
  batchSize: 8,
  segmentLength: 16,
  epochs: 3,
  learningRate: 0.01,
  validateEvery: 20,
  sampleEvery: 50,
};

interface RunOptions {
  readonly changes?: TrainingOptions;
  readonly engine?: Engine;
  readonly held?: boolean;
  readonly continued?: boolean;
  /** The text is gone after so many segments. */
  readonly lostAfter?: number;
  readonly onEvent?: (event: TrainingEvent, control: TrainingControl) => void;
}

async function run({ changes = {}, engine, held = true, continued = false, lostAfter, onEvent }: RunOptions = {}) {
  const model = engine ?? (await smallEngine());
  const training = tokenStream(orderedStream(8000, 1), 8);
  if (lostAfter !== undefined) loseAfter(training, lostAfter);
  const control = new TrainingControl();
  const events: TrainingEvent[] = [];
  const session = await TrainingSession.create({
    engine: model,
    backends: wasmBackends,
    choice: 'wasm',
    plan: planTraining(completeOptions({ ...options, ...changes }, 8000), training.rowLength),
    training,
    validation: held ? tokenStream(orderedStream(1000, 2), 4) : null,
    charactersPerToken: 1,
    continued,
    samplePrompt: 'ab',
    control,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event, control);
    },
  });
  const outcome = await session.run();
  const validations = events.flatMap((event) => (event.type === 'validation' ? [event] : []));
  return {
    outcome,
    events,
    validations,
    progress: session.state.meter.progress,
    engine: model,
    weights: await model.readParameters(),
  };
}

function loseAfter(stream: TokenStream, segments: number): void {
  const next = stream.next.bind(stream);
  let left = segments;
  stream.next = async (...room) => {
    if (left-- === 0) throw new AdaptiveError('disk', 'The stored tokens are not there any longer.');
    return next(...room);
  };
}

test('a run whose text is gone ends with what it has learned, and says why', async () => {
  const { outcome, progress, validations, weights } = await run({ lostAfter: 50 });
  assert.deepEqual(outcome, { reason: 'stopped', message: 'The stored tokens are not there any longer.' });
  assert.equal(progress.step, 50);
  const whole = await run({ onEvent: ({ type }, control) => (type === 'validation' ? control.stop() : null) });
  assert.deepEqual(validations[0], whole.validations[0]);
  const { weights: fresh } = await run({ lostAfter: 0 });
  assert.notDeepEqual(weights, fresh);
});

test('it learns, reports, and keeps the best weights', async () => {
  const { outcome, validations, progress, events, engine } = await run({ changes: { epochs: 8 } });
  assert.equal(outcome.reason, 'finished');
  assert.equal(progress.step, progress.totalSteps);
  const losses = validations.map(({ loss }) => loss);
  assert.ok((losses.at(-1) ?? Infinity) < 0.7, `from ${Math.log(8)} nats to ${losses.at(-1)}`);
  assert.equal(progress.bestValidationLoss, Math.min(...losses));
  assert.equal(engine.validationLoss, Math.min(...losses));
  assert.ok(events.some((event) => event.type === 'sample' && /^[a-h]+$/.test(event.text)));
  assert.ok(progress.tokensPerSecond > 0 && progress.secondsLeft === 0);
  assert.ok(Math.abs(progress.perplexity - Math.exp(progress.smoothLoss)) < 1e-9);
  assert.ok(Math.abs(progress.bitsPerCharacter - progress.smoothLoss / Math.LN2) < 1e-9);
});

test('same seed, same losses to the bit; another seed of dropout, others', async () => {
  const changes: TrainingOptions = {
    epochs: 1,
    dropout: { hidden: 0.2, latent: 0.1, output: 0.2 },
    variableSegments: true,
  };
  const first = await run({ changes });
  const second = await run({ changes });
  assert.deepEqual(first.validations, second.validations);
  assert.deepEqual(first.weights, second.weights);
  const third = await run({ changes: { ...changes, seed: 2 } });
  assert.notDeepEqual(first.weights, third.weights);
});

test('a run that was paused ends as if it had not been', async () => {
  const straight = await run({ changes: { epochs: 1 } });
  let pauses = 0;
  const paused = await run({
    changes: { epochs: 1 },
    onEvent: (event, control) => {
      if (event.type === 'validation') control.pause();
      if (event.type === 'paused') {
        pauses++;
        setTimeout(() => control.resume(), 5);
      }
    },
  });
  assert.ok(pauses > 0);
  assert.equal(paused.events.filter(({ type }) => type === 'resumed').length, pauses);
  assert.deepEqual(paused.weights, straight.weights);
});

test('stop ends the run at the next step, also while paused', async () => {
  const stopped = await run({
    onEvent: (event, control) => {
      if (event.type === 'validation' && event.step === 40) control.stop();
    },
  });
  assert.equal(stopped.outcome.reason, 'stopped');
  assert.equal(stopped.progress.step, 40);
  const whilePaused = await run({
    onEvent: (event, control) => {
      if (event.type === 'validation') control.pause();
      if (event.type === 'paused') setTimeout(() => control.stop(), 5);
    },
  });
  assert.equal(whilePaused.outcome.reason, 'stopped');
  assert.equal(
    whilePaused.events.some(({ type }) => type === 'resumed'),
    false,
  );
});

test('stopped before any validation, it keeps what it has learned so far', async () => {
  const before = await (await smallEngine()).readParameters();
  const { weights, progress } = await run({
    changes: { validateEvery: 1000 },
    onEvent: (event, control) => {
      if (event.type === 'progress') control.stop();
    },
  });
  assert.ok(progress.step > 0 && progress.step < progress.totalSteps);
  assert.notDeepEqual(weights, before);
});

test('a rate that is far too high stops the run with the last good weights and says what to do', async () => {
  const { outcome, weights, engine } = await run({
    changes: { learningRate: 10, clip: 0, schedule: { kind: 'constant' } },
  });
  assert.equal(outcome.reason, 'diverged');
  assert.match(outcome.message, /lower learning rate/);
  assert.ok(weights.every(Number.isFinite));
  const healthy = await run({ engine, changes: { epochs: 0.1 } });
  assert.ok(healthy.progress.loss < 5, 'the engine can be trained again');
});

test('weights that are not numbers are seen at the first step and touch nothing', async () => {
  const engine = await smallEngine();
  const poisoned = await engine.readParameters();
  poisoned[0] = NaN;
  poisoned.fill(NaN, 0, 64);
  engine.writeParameters(poisoned);
  const { outcome, progress } = await run({ engine });
  assert.equal(outcome.reason, 'diverged');
  assert.equal(progress.step, 0);
  assert.match(outcome.message, /not a number at step 1/);
});

test('memory of the run is given back', async () => {
  const engine = await smallEngine();
  const before = usedBytes(engine);
  await run({ engine, changes: { epochs: 0.1 } });
  assert.equal(usedBytes(engine), before);
});

test('options that were left open suit the corpus', () => {
  const tiny = completeOptions({}, 300);
  assert.ok(tiny.batchSize * tiny.segmentLength * 2 <= 300);
  assert.ok(tiny.epochs > 10);
  const large = completeOptions({}, 1_000_000);
  assert.deepEqual([large.batchSize, large.segmentLength, large.epochs], [32, 64, 4]);
  const given = completeOptions({ batchSize: 3, segmentLength: 7, epochs: 1 }, 300);
  assert.deepEqual([given.batchSize, given.segmentLength, given.epochs], [3, 7, 1]);
});

test('going on with a trained model never ends with a worse one', async () => {
  const { engine, progress } = await run({ changes: { epochs: 8 } });
  const trained = await engine.readParameters();
  const changes = { learningRate: 1, clip: 0, epochs: 1 };
  const again = await run({ engine, changes, continued: true });
  const [before, ...later] = again.validations;
  assert.ok(before && progress.bestValidationLoss !== null);
  assert.equal(before.step, 0, 'what it could do before is measured first');
  assert.ok(Math.abs(before.loss - progress.bestValidationLoss) < 1e-6);
  assert.ok(later.length > 0);
  for (const { best } of later) assert.equal(best, false, 'a rate of 1 spoils it');
  assert.deepEqual(await engine.readParameters(), trained);
});
