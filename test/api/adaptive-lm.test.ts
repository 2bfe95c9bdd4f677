/** The class on a runtime of this thread, by a port. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AdaptiveException, AdaptiveLM, type CreateOptions, type ErrorCode } from '../../api/index.js';
import { runtimeOn } from '../worker/runtimes.js';
import { closePorts, learned, modelFile, runtimePort } from './node.js';
import { corpus, endless, long, tiny, tinyRun } from './texts.js';

const made: AdaptiveLM[] = [];
after(() => {
  for (const each of made) each.destroy();
  closePorts();
});

async function model(options: CreateOptions = {}): Promise<AdaptiveLM> {
  const it = await learned(options);
  made.push(it);
  return it;
}

function refused(work: Promise<unknown>, name: string, code: ErrorCode, message?: RegExp): Promise<void> {
  return assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof AdaptiveException, String(thrown));
    assert.deepEqual([thrown.name, thrown.cause.code], [name, code]);
    if (message) assert.match(thrown.message, message);
    return true;
  });
}

const abortsWith = (work: Promise<unknown>, reason: unknown) =>
  assert.rejects(work, (thrown) => {
    assert.equal(thrown, reason);
    return true;
  });

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function streamed(stream: ReadableStream<string>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

test('it prompts, streams, appends, and counts what it has read', async () => {
  const one = await model();
  assert.equal(one.model?.tokenizer, 'characters');
  assert.equal(one.contextWindow, Infinity);
  assert.equal(one.contextUsage, 0);
  const text = await one.prompt('The lamp', { maxTokens: 20 });
  assert.equal(text, ' must be fed, and th');
  assert.equal(one.contextUsage, 28);
  const two = await model();
  await two.append('The ');
  assert.equal(two.contextUsage, 4);
  await two.append('');
  assert.equal(await two.measureContextUsage('lamp'), 4);
  assert.equal(await streamed(two.promptStreaming('lamp', { maxTokens: 20 })), text);
  assert.equal(await two.prompt('', { maxTokens: 10 }), await one.prompt('', { maxTokens: 10 }));
  assert.equal(two.contextUsage, 38);
  // Until a stop string.
  assert.equal(await (await model()).prompt('The lamp', { stop: [','] }), ' must be fed');
});

test('settings are those of creation, of the session, or of the prompt', async () => {
  const one = await model({ temperature: 4, seed: 7, topK: 9, topP: 0.99 });
  assert.deepEqual([one.temperature, one.seed, one.topK, one.topP], [4, 7, 9, 0.99]);
  const same = await model({ temperature: 4, seed: 7, topK: 9, topP: 0.99 });
  const text = await one.prompt('The', { maxTokens: 60 });
  assert.equal(await same.prompt('The', { maxTokens: 60 }), text);
  const other = await model({ temperature: 4, seed: 8, topK: 9, topP: 0.99 });
  assert.notEqual(await other.prompt('The', { maxTokens: 60 }), text);
  const changed = await model();
  Object.assign(changed, { temperature: 4, topK: 9, topP: 0.99 });
  assert.equal(await changed.prompt('The', { maxTokens: 60, seed: 7 }), text);
  const [a, b] = [await model({ temperature: 1 }), await model({ temperature: 1 })];
  assert.notEqual(a.seed, b.seed);
  assert.deepEqual([a.topK, a.topP], [0, 1]);
});

test('what is wrong is refused by its name, and costs nothing', async () => {
  const worker = runtimePort();
  const unknown: object = { worker, temprature: 1 };
  await refused(AdaptiveLM.create(unknown), 'NotSupportedError', 'invalid-option', /“temprature”.*temperature/);
  await refused(AdaptiveLM.create({ worker, topP: 2 }), 'NotSupportedError', 'invalid-option', /topP/);
  const file = new Blob(['x']);
  await refused(AdaptiveLM.create({ file, src: 'x' }), 'NotSupportedError', 'invalid-option', /not both/);
  await refused(AdaptiveLM.create({ worker: runtimePort(), file }), 'DataError', 'model-file');
  await refused(AdaptiveLM.create(), 'NotSupportedError', 'unsupported', /hand in a worker/);
  const src = 'http://127.0.0.1:9/x.safetensors';
  await refused(AdaptiveLM.create({ worker: runtimePort(), src }), 'NetworkError', 'network');
  const one = await model();
  await one.prompt('The lamp', { maxTokens: 5 });
  const { contextUsage } = one;
  const expected = await (await one.clone()).prompt('', { maxTokens: 9 });
  await refused(one.prompt('x', { temperature: -1 }), 'NotSupportedError', 'invalid-option', /temperature/);
  const misspelt: object = { max: 1 };
  await refused(one.prompt('x', misspelt), 'NotSupportedError', 'invalid-option', /“max”/);
  await refused(one.evaluate(corpus, { fraction: 2 }), 'NotSupportedError', 'invalid-option');
  await refused(one.evaluate('short'), 'DataError', 'corpus-too-short');
  await refused(one.import(new Blob(['no model'])), 'DataError', 'model-file');
  await refused(one.train('short').result, 'DataError', 'corpus-too-short');
  await refused(one.train(corpus, { epochs: -1 }).result, 'NotSupportedError', 'invalid-option', /epochs/);
  assert.equal(one.contextUsage, contextUsage);
  assert.equal(await one.prompt('', { maxTokens: 9 }), expected);
});

test('a prompt that is given up before, while it waits, or while it writes is as if it had never been', async () => {
  const one = await model();
  await one.append('The lamp');
  const expected = await (await one.clone()).prompt('', { maxTokens: 20 });
  const reason = new Error('enough');
  await abortsWith(one.prompt(' x', { signal: AbortSignal.abort(reason) }), reason);

  const writing = new AbortController();
  const waiting = new AbortController();
  const first = one.prompt(' the clock', { ...long, signal: writing.signal });
  const second = one.prompt(' y', { signal: waiting.signal });
  const third = one.prompt('', { maxTokens: 20 });
  waiting.abort(reason);
  await abortsWith(second, reason); // at once, while the first goes on
  await wait(20);
  writing.abort();
  await assert.rejects(first, { name: 'AbortError' });
  assert.equal(await third, expected);
  assert.equal(one.contextUsage, 28);
  const late = new AbortController();
  assert.equal((await one.prompt('', { maxTokens: 3, signal: late.signal })).length, 3);
  late.abort();
  assert.equal(one.contextUsage, 31);
  for (const begin of [
    () => one.append('x', late),
    () => one.score('x', late),
    () => one.evaluate(corpus, late),
    () => one.clone(late),
  ]) {
    await assert.rejects(begin, { name: 'AbortError' });
  }
});

test('a stream that is cancelled, left or aborted leaves the session where it was', async () => {
  const one = await model();
  await one.append('The lamp');
  const expected = await (await one.clone()).prompt('', { maxTokens: 20 });
  for await (const piece of one.promptStreaming(' must', long)) {
    assert.ok(piece.length > 0);
    break;
  }
  await one.promptStreaming(' be', long).cancel('enough');
  const abort = new AbortController();
  const reader = one.promptStreaming(' fed', { ...long, signal: abort.signal }).getReader();
  await reader.read();
  abort.abort();
  await assert.rejects(
    (async () => {
      while (!(await reader.read()).done);
    })(),
    { name: 'AbortError' },
  );
  await refused(streamed(one.promptStreaming('', { topK: -1 })), 'NotSupportedError', 'invalid-option');
  assert.equal(await one.prompt('', { maxTokens: 20 }), expected);
});

test('clones share the model and disturb nobody, also while their original writes', async () => {
  const one = await model({ temperature: 1, seed: 3 });
  await one.append('The lamp must');
  const writing = one.prompt('', { maxTokens: 200 });
  const clone = await one.clone(); // after that
  const text = await writing;
  assert.deepEqual([clone.contextUsage, clone.seed, clone.model], [one.contextUsage, 3, one.model]);
  const [a, b] = await Promise.all([one.prompt('', { maxTokens: 50 }), clone.prompt('', { maxTokens: 50 })]);
  assert.equal(a, b);
  clone.seed = 4;
  assert.equal(one.seed, 3);
  const alone = await model({ temperature: 1, seed: 3 });
  assert.equal(await alone.prompt('The lamp must', { maxTokens: 200 }), text);
  clone.destroy();
  await refused(clone.prompt(''), 'InvalidStateError', 'destroyed');
  assert.equal(await alone.prompt('', { maxTokens: 50 }), a);
  assert.equal((await one.prompt('', { maxTokens: 5 })).length, 5);
});

test('two sessions at once take turns, first come, first served', async () => {
  const one = await model();
  const two = await one.clone();
  const order: string[] = [];
  const note = async (name: string, work: Promise<unknown>) => {
    await work;
    order.push(name);
  };
  await Promise.all([
    note('a', one.prompt('The lamp', { maxTokens: 300 })),
    note('b', two.prompt('The clock', { maxTokens: 2 })),
    note('c', one.score('x')),
    note('d', two.append('x')),
  ]);
  assert.deepEqual(order, ['a', 'b', 'c', 'd']);
  assert.deepEqual([one.contextUsage, two.contextUsage], [308, 12]);
});

test('it trains as something to iterate over, and leaving the loop keeps what was learned', async () => {
  const one = await AdaptiveLM.create({ worker: runtimePort(), temperature: 0 });
  made.push(one);
  assert.equal(one.model, null);
  await refused(one.prompt('x'), 'InvalidStateError', 'no-model');
  await refused(one.save(), 'InvalidStateError', 'no-model');
  const kinds = new Set<string>();
  const run = one.train(corpus, { ...tiny, epochs: 10, onEvent: ({ type }) => kinds.add(type) });
  let steps = 0;
  for await (const progress of run) {
    assert.ok(progress.step >= steps);
    steps = progress.step;
  }
  const result = await run.result;
  assert.equal(result.reason, 'finished');
  assert.equal(result.progress?.step, steps);
  assert.equal(one.model, result.model);
  assert.ok(
    ['started', 'validation', 'progress'].every((kind) => kinds.has(kind)),
    [...kinds].join(),
  );

  await one.append('The lamp');
  const before = await one.evaluate(corpus);
  const stopped = one.train(corpus, { ...endless, size: undefined }); // goes on with the model that is there
  for await (const progress of stopped) {
    await refused(one.prompt('x'), 'InvalidStateError', 'busy', /training/);
    assert.ok((await one.measureContextUsage('lamp')) === 4);
    if (progress.step > 300) break;
  }
  assert.equal((await stopped.result).reason, 'stopped');
  assert.ok((await one.evaluate(corpus)).loss < before.loss);
  assert.equal(one.contextUsage, 8);
  await one.train(corpus, tiny).result;
  assert.equal(one.contextUsage, 0); // another model
});

test('a run pauses, is stopped before it begins, is given up, and refuses another', async () => {
  const one = await model();
  const abort = new AbortController();
  const run = one.train(corpus, { ...endless, size: undefined, signal: abort.signal });
  await refused(one.train(corpus, tiny).result, 'InvalidStateError', 'busy');
  const paused = new Promise<void>((resolve) => {
    const iterator = run[Symbol.asyncIterator]();
    void iterator.next().then(() => resolve());
  });
  await paused;
  run.pause();
  await wait(30);
  run.resume();
  abort.abort();
  await assert.rejects(run.result, { name: 'AbortError' });
  const early = one.train(corpus, { ...endless, size: undefined });
  early.stop();
  const text = one.prompt('The lamp', { maxTokens: 5 }); // waits for the end that is near
  assert.equal((await early.result).reason, 'stopped');
  assert.equal((await text).length, 5);
  const refusedRun = one.train(corpus, { ...tinyRun, signal: AbortSignal.abort() });
  await assert.rejects(
    (async () => {
      for await (const progress of refusedRun) assert.fail(String(progress.step));
    })(),
    { name: 'AbortError' },
  );
  assert.equal((await one.prompt('', { maxTokens: 5 })).length, 5);
});

test('it learns while it is used: whatever else is asked for comes first, and it can forget', async () => {
  const one = await model();
  const before = new Uint8Array(await (await one.save()).arrayBuffer());
  const text = 'dna ,kcolc eht dniw ot tsum eno yreve. '.repeat(40);
  const options = { rehearsalTokens: 200, segmentLength: 16, passes: 20 };
  const order: string[] = [];
  const learning = one.learn(text, options).then((result) => {
    order.push('learned');
    return result;
  });
  await wait(5);
  await one.prompt('The ', { maxTokens: 3 }).then(() => order.push('written'));
  let { stepsLeft } = await learning;
  assert.ok(stepsLeft > 0);
  assert.deepEqual(order, ['learned', 'written'], 'it gave way');
  const usage = one.contextUsage;
  while (stepsLeft > 0) ({ stepsLeft } = await one.learn('', options));
  assert.notDeepEqual(new Uint8Array(await (await one.save()).arrayBuffer()), before);
  await abortsWith(one.learn('x', { signal: AbortSignal.abort(1) }), 1);
  await refused(one.learn('x', { passes: -1 }), 'NotSupportedError', 'invalid-option', /passes/);
  await one.forget();
  assert.deepEqual(new Uint8Array(await (await one.save()).arrayBuffer()), before);
  assert.equal(one.contextUsage, usage);
});

test('it evaluates, scores, and both agree', async () => {
  const one = await model();
  const { loss, tokens } = await one.evaluate(corpus);
  await one.append(corpus[0] ?? '');
  const scores = await one.score(corpus.slice(1));
  const sum = scores.reduce((total, { logProbability }) => total + logProbability, 0);
  assert.equal(scores.length, tokens - 1);
  assert.ok(Math.abs(sum / scores.length + loss) < 1e-5);
  assert.equal(one.contextUsage, 1);
  const half = await one.evaluate(new Blob([corpus]), { fraction: 0.5 });
  assert.equal(half.tokens, tokens / 2);
});

test('models are saved, exported and imported; sessions then start from nothing', async () => {
  const one = await model();
  const two = await one.clone();
  await two.append('The lamp');
  const expected = await one.prompt('The lamp', { maxTokens: 20 });
  const file = await one.save();
  assert.ok((await one.export('onnx')).size > 1000);
  await one.train(corpus, { ...tiny, epochs: 1 }).result;
  const info = await one.import(file);
  assert.deepEqual([one.model, two.model], [info, info]);
  assert.deepEqual([one.contextUsage, two.contextUsage], [0, 0]);
  assert.equal(await two.prompt('The lamp', { maxTokens: 20 }), expected);
});

test('destroyed while it writes, waits or trains, it rejects and frees; twice is harmless', async () => {
  const one = await model();
  const two = await one.clone();
  const writing = one.prompt('x', long);
  const waiting = one.append('x');
  const other = two.prompt('The lamp', { maxTokens: 20 });
  await wait(10);
  one.destroy();
  one.destroy();
  await refused(writing, 'AbortError', 'aborted');
  await refused(waiting, 'AbortError', 'aborted');
  assert.equal(await other, ' must be fed, and th');
  await refused(one.append('x'), 'InvalidStateError', 'destroyed');
  await refused(one.train(corpus).result, 'InvalidStateError', 'destroyed');
  await refused(streamed(one.promptStreaming('x')), 'InvalidStateError', 'destroyed');
  const run = two.train(corpus, endless);
  await wait(50);
  two.destroy();
  await refused(run.result, 'AbortError', 'aborted');
});

test('what a destroyed session held is freed, and with the last one the model', async () => {
  const runtime = runtimeOn(1);
  const one = await model({ worker: runtimePort(runtime) });
  await one.append('The lamp');
  const two = await one.clone();
  await two.prompt('', { maxTokens: 5 });
  await one.append(' must');
  const both = runtime.info?.bytes ?? NaN;
  two.destroy();
  await one.append(' be');
  assert.ok((runtime.info?.bytes ?? NaN) < both);
  assert.equal(runtime.contextUsage(2), 0);
  one.destroy();
  while (runtime.info) await wait(5);
});

test('the signal of creation ends it, before, and later as destroy does', async () => {
  const reason = new Error('gone');
  await abortsWith(AdaptiveLM.create({ worker: runtimePort(), signal: AbortSignal.abort(reason) }), reason);
  const during = new AbortController();
  const creating = AdaptiveLM.create({ worker: runtimePort(), file: await modelFile(), signal: during.signal });
  during.abort(reason);
  await abortsWith(creating, reason);
  const later = new AbortController();
  const one = await model({ signal: later.signal });
  const two = await one.clone();
  const writing = one.prompt('x', long);
  later.abort(reason);
  await abortsWith(writing, reason);
  await refused(one.prompt('x'), 'InvalidStateError', 'destroyed');
  assert.equal((await two.prompt('x', { maxTokens: 3 })).length, 3);
});
