/**
 * What is stated as held is what is really held: every memory of WebAssembly that is alive, and every array of
 * JavaScript, counted from outside of the runtime.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DiskFolder } from '../../cli/disk-folder.js';
import type { SizePreset } from '../../core/presets.js';
import type { ModelInfo, TrainingRequest } from '../../core/protocol.js';
import type { KeepOptions } from '../../core/stored.js';
import type { Runtime, RuntimeOptions } from '../../worker/runtime.js';
import { ModelStore } from '../../worker/storage/model-store.js';
import { TrainingControl } from '../../worker/training-control.js';
import { alphabets, runtimeOn } from './runtimes.js';
import { simpleLocks } from './storage/checkpoints.js';

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

const memories: WeakRef<WebAssembly.Memory>[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(new WeakRef(this));
  }
};

function isProcedure(value: unknown): value is () => void {
  return typeof value === 'function';
}

/** Bytes of all that is reachable. */
async function held(): Promise<number> {
  assert(isProcedure(collectGarbage));
  // A weak reference is good until the next task at least.
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    collectGarbage();
  }
  const { arrayBuffers } = process.memoryUsage();
  return memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), arrayBuffers);
}

/** How long a thread that was terminated may keep its hold on the memory that it shared. */
const patience = 60_000; // ms

/** The same, when `expected` of it has come true, or cannot be waited for any longer. */
async function heldUntil(expected: (bytes: number) => boolean): Promise<number> {
  const deadline = performance.now() + patience;
  for (;;) {
    const bytes = await held();
    if (expected(bytes) || performance.now() > deadline) return bytes;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const source = alphabets(12_000);

interface Statement {
  readonly when: string;
  readonly stated: number;
  readonly real: number;
}

class Ledger {
  readonly statements: Statement[] = [];

  private constructor(
    readonly runtime: Runtime,
    readonly before: number,
  ) {}

  static async open(threads: number, options: RuntimeOptions = {}): Promise<Ledger> {
    return new Ledger(runtimeOn(threads, options), await held());
  }

  async note(when: string, { bytes }: ModelInfo): Promise<Statement> {
    const real = (await heldUntil((all) => isHonest(bytes, all - this.before))) - this.before;
    const statement = { when, stated: bytes, real };
    this.statements.push(statement);
    return statement;
  }

  /** Trains a few steps and notes what is held in the midst of it. */
  async train(start: TrainingRequest['start'], threads: number, keep?: KeepOptions): Promise<ModelInfo> {
    const control = new TrainingControl();
    let during: Promise<unknown> = Promise.resolve();
    let started: ModelInfo | null = null;
    const { model } = await this.runtime.train(
      {
        corpus: source,
        start,
        tokenizer: 'characters',
        options: { segmentLength: 32, batchSize: 16, threads, epochs: 1, sampleEvery: 10_000 },
        samplePrompt: '',
        ...(keep ? { keep } : {}),
      },
      {
        control,
        onEvent: (event) => {
          if (event.type === 'started') started = event.model;
          if (event.type === 'progress') control.pause();
          if (event.type === 'paused' && started) during = this.note('training', started).then(() => control.stop());
        },
      },
    );
    await during;
    assert(model);
    return model;
  }
}

/** A tenth is what is promised. What is not counted, small arrays of JavaScript, is far less. */
function isHonest(stated: number, real: number): boolean {
  return Math.abs(stated - real) <= 0.02 * real;
}

function assertHonest({ when, stated, real }: Statement): void {
  assert.ok(isHonest(stated, real), `${when}: ${stated} bytes are stated, ${real} are held`);
}

for (const { size, threads } of [
  { size: 'small', threads: 1 },
  { size: 'medium', threads: 2 },
  { size: 'large', threads: 1 },
] satisfies { size: SizePreset; threads: number }[]) {
  test(`${size}, threads: ${threads}`, async () => {
    const ledger = await Ledger.open(threads);
    const { runtime } = ledger;
    const trained = await ledger.note('trained', await ledger.train({ kind: 'new', size }, threads));
    const loaded = await ledger.note('loaded', await runtime.load(await runtime.export()));
    assert.ok(trained.real <= 1.02 * loaded.real, 'what training took is given back');
    const again = await ledger.train({ kind: 'continue' }, threads);
    await ledger.note('trained further', again);
    await ledger.train({ kind: 'new', size }, threads);
    const last = await ledger.note('trained anew', await ledger.train({ kind: 'continue' }, threads));
    for (const statement of ledger.statements) assertHonest(statement);
    assert.ok(last.real <= 1.02 * trained.real, 'no more after four runs than after one');
    runtime.destroy();
    const isLittle = (all: number) => all - ledger.before < 0.02 * trained.real;
    assert.ok(isLittle(await heldUntil(isLittle)), 'nothing is left');
  });
}

test('a run that is kept holds a copy of weights and moments, and says so', async () => {
  const path = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  const store = new ModelStore(
    await DiskFolder.create(path),
    await DiskFolder.create(join(path, 'corpora')),
    simpleLocks(),
  );
  const ledger = await Ledger.open(1, { store: async () => store });
  const keep = { name: 'large' };
  const { parameters } = await ledger.train({ kind: 'new', size: 'large' }, 1, keep);
  const [during] = ledger.statements;
  await ledger.train({ kind: 'continue' }, 1);
  const [, without] = ledger.statements;
  assert.ok(during && without);
  const copy = (during.stated - without.stated) / (3 * 4 * parameters);
  assert.ok(copy > 0.98 && copy < 1.15, `${copy} of the weights and moments`);
  for (const statement of ledger.statements) assertHonest(statement);
  ledger.runtime.destroy();
  await rm(path, { recursive: true });
});
