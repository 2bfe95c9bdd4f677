/** `--backend webgpu`: the command line on a GPU by npm `webgpu`, beside the same on WASM. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeModelFile } from '../../worker/files/model-file.js';
import { relativeError } from '../parity/compare.js';
import { lm } from './lm.js';

let folder = '';
const file = (name: string) => join(folder, name);
const onGpu = ['--backend', 'webgpu'];

function training(out: string, ...more: readonly string[]): string[] {
  const sizes = ['--embedding', '8', '--hidden', '24', '--latent', '4', '--batch', '8', '--segment', '16'];
  return ['train', '--corpus', file('sea.txt'), '--out', out, ...sizes, '--learning-rate', '0.02', ...more];
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  const verse = 'the sea was calm and the light turned slowly over the water.\n';
  await writeFile(file('sea.txt'), verse.repeat(60));
  const { code, error } = await lm(training(file('model.safetensors'), '--epochs', '12'));
  assert.equal(code, 0, error);
});

after(() => rm(folder, { recursive: true }));

/** Held out, after the last step. */
function lossOf(log: string): number {
  return Number(/held-out loss (\d+\.\d+)/.exec(log)?.[1]);
}

test('twenty steps of training lose the same on the GPU as on WASM', async () => {
  // 3,294 tokens to learn are 26 steps of 8 × 16.
  const twenty = ['--epochs', String(20 / 26), '--validate-every', '20'];
  const wasm = await lm(training(file('wasm.safetensors'), ...twenty));
  const gpu = await lm(training(file('webgpu.safetensors'), ...twenty, ...onGpu));
  for (const { code, error, out } of [wasm, gpu]) {
    assert.equal(code, 0, error);
    assert.match(out, /finished after 20 steps/);
  }
  assert.match(gpu.error, /^WebGPU: \w+/m);
  assert.match(gpu.out, /parameters on webgpu/);
  assert.match(wasm.out, /parameters on wasm/);
  const expected = lossOf(wasm.out);
  const got = lossOf(gpu.out);
  assert.ok(Math.abs(got / expected - 1) < 1e-3, `${got} on the GPU, ${expected} on WASM`);
  const weights = await Promise.all(
    ['webgpu', 'wasm'].map(async (name) => decodeModelFile(await readFile(file(`${name}.safetensors`))).parameters),
  );
  assert.ok(relativeError(weights[0] ?? [], weights[1] ?? []) < 1e-3);
});

test('greedy writing and evaluation are the same on the GPU as on WASM', async () => {
  const model = ['--model', file('model.safetensors')];
  const write = ['generate', ...model, '--prompt', 'the light', '--temperature', '0', '--tokens', '40'];
  const [wasm, gpu] = [await lm(write), await lm([...write, ...onGpu])];
  assert.equal(gpu.code, 0, gpu.error);
  assert.match(wasm.out, /^the light [a-z]/);
  assert.equal(gpu.out, wasm.out);
  assert.match(gpu.error, /tokens\/s on webgpu/);

  const evaluate = ['evaluate', ...model, '--corpus', file('sea.txt'), '--last', '0.1'];
  const losses = [await lm(evaluate), await lm([...evaluate, ...onGpu])].map(({ out, error }) => {
    assert.match(out, /nats per token/, error);
    return Number(/([\d.]+) nats/.exec(out)?.[1]);
  });
  assert.ok(relativeError(losses.slice(1), losses.slice(0, 1)) < 1e-3, losses.join());
});

test('Ctrl-C on the GPU stops the run and saves what it has', async () => {
  const model = file('stopped.safetensors');
  const args = training(model, '--epochs', '1000', '--validate-every', '2', ...onGpu);
  const { code, out, error } = await lm(args, { interruptAfter: /step 2:/ });
  assert.equal(code, 0, error);
  assert.match(out, /stopped after \d+ steps/);
  assert.equal(decodeModelFile(await readFile(model)).config.cell, 'lstm');
});

test('without the package webgpu the command says what to install, and WASM works', async () => {
  const copy = file('copy');
  for (const room of ['cli', 'core', 'model', 'gpu', 'worker', 'assembly']) {
    await cp(join('build', room), join(copy, room), { recursive: true });
  }
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
  await mkdir(join(copy, 'node_modules'));
  for (const name of (await readdir('node_modules')).filter((name) => name !== 'webgpu' && !name.startsWith('.'))) {
    await symlink(resolve('node_modules', name), join(copy, 'node_modules', name));
  }
  const out = file('none.safetensors');
  const gpu = await lm(training(out, ...onGpu), { built: copy });
  assert.equal(gpu.code, 1);
  assert.match(gpu.error, /^unsupported: .*npm install webgpu.*--backend wasm/);
  assert.ok(!(await readdir(folder)).includes('none.safetensors'));
  const wasm = await lm(training(out, '--epochs', '0.1'), { built: copy });
  assert.equal(wasm.code, 0, wasm.error);
});

test('without a GPU the command says what is missing', async () => {
  const env = { VK_ICD_FILENAMES: file('no-such-driver.json') };
  const { code, error } = await lm(['generate', '--model', file('model.safetensors'), ...onGpu], { env });
  assert.equal(code, 1);
  assert.match(error, /^unsupported: WebGPU finds no GPU.*--backend wasm/m);
});

test('an unknown backend is refused', async () => {
  const { code, error } = await lm(['generate', '--model', file('model.safetensors'), '--backend', 'cuda']);
  assert.equal(code, 1);
  assert.match(error, /--backend: expected wasm, webgpu, got cuda/);
});
