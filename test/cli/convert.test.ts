/** `lm convert`: the same model in each precision, and what is refused. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { precisions } from '../../core/precision.js';
import { presetConfig } from '../../core/presets.js';
import { initialise } from '../../model/initialise.js';
import { languageModelLayout } from '../../core/parameters.js';
import { decodeModelFile, encodeModelFile } from '../../worker/files/model-file.js';

let folder = '';
const path = (name: string) => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  const config = presetConfig('small', 256);
  const layout = languageModelLayout(config);
  const parameters = new Float32Array(layout.length);
  initialise(layout, 1, parameters);
  const model = { config, tokenizer: { kind: 'bytes' }, parameters, title: 'Sea', validationLoss: 2.5 } as const;
  await writeFile(path('model'), new Uint8Array(encodeModelFile({ ...model, training: { steps: 7 } })));
});

after(() => rm(folder, { recursive: true }));

function lm(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['build/cli/main.js', ...args], { encoding: 'utf8' });
  return { status, out: stdout, error: stderr };
}

const convert = (model: string, out: string, precision: string) =>
  lm('convert', '--model', path(model), '--out', path(out), '--precision', precision);

test('each precision from each, with all that belongs to the model, and both sizes printed', async () => {
  const original = decodeModelFile(await readFile(path('model')));
  for (const precision of precisions) {
    const { status, out, error } = convert('model', precision, precision);
    assert.equal(status, 0, error);
    const converted = decodeModelFile(await readFile(path(precision)));
    assert.deepEqual(converted, { ...original, precision, parameters: converted.parameters });
    const sizes = await Promise.all(['model', precision].map(async (name) => (await readFile(path(name))).byteLength));
    const [before, after] = sizes.map((size) => size.toLocaleString('en'));
    assert.ok(out.includes(`f32, ${before} bytes`) && out.includes(`${precision}, ${after} bytes`), out);
  }
  assert.equal(convert('int8', 'exact', 'f32').status, 0);
  assert.equal(convert('exact', 'again', 'int8').status, 0);
  assert.deepEqual(await readFile(path('again')), await readFile(path('int8')), 'int8 loses nothing twice');
});

test('a model in int8 writes', () => {
  const { status, out, error } = lm('generate', '--model', path('int8'), '--tokens', '40', '--prompt', 'the sea');
  assert.equal(status, 0, error);
  assert.ok(out.startsWith('the sea') && out.length > 8);
});

test('what is missing or unknown is refused, and nothing is written', async () => {
  const unknown = convert('model', 'none', 'int4');
  assert.equal(unknown.status, 1);
  assert.match(unknown.error, /--precision: expected f32, f16, int8, got int4/);
  assert.match(lm('convert', '--model', path('model'), '--out', path('none')).error, /--precision is needed/);
  assert.match(convert('nowhere', 'none', 'int8').error, /nowhere could not be read/);
  await writeFile(path('text'), 'no model');
  assert.match(convert('text', 'none', 'int8').error, /model-file/);
  assert.ok(!(await readdir(folder)).includes('none'));
  assert.match(lm('convert', '--help').out, /--precision NAME .*int8/);
});
