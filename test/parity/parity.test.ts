/** The golden cases, and that the runner sees what is wrong. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSafetensors, writeSafetensors } from '../../worker/files/safetensors.js';
import { backends, isBackendName } from './backends.js';
import { Worst } from './compare.js';
import { readFixture } from './fixture.js';
import { runParity } from './main.js';

const directory = 'test/fixtures';
const names = Object.keys(backends).filter(isBackendName);

const reports = await runParity(directory, names);

for (const report of reports) {
  const { backend, case: name, outcome, note, outputs, gradients } = report;
  test(`${name} on ${backend}`, () => assert.equal(outcome, 'pass', `${outputs} ${gradients} ${note}`));
}

test('the folder held golden cases', () => {
  assert.ok(reports.filter(({ outcome }) => outcome === 'pass').length >= 36 * names.length);
});

test('a case whose numbers were changed fails, on every backend', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  try {
    const fixture = await readFixture(directory, 'lstm-io-recurrent-1layer');
    const file = readSafetensors(await readFile(join(directory, `${fixture.name}.safetensors`)));
    const changed = 'grad.layers.0.policy.weight';
    const expected = fixture.tensor(changed).values.slice();
    expected[7] = (expected[7] ?? 0) + 0.01;
    const tensors = [...file.tensors.values()].map((tensor) =>
      tensor.name === changed ? { ...tensor, data: new Uint8Array(expected.buffer) } : tensor,
    );
    const bytes = writeSafetensors({ metadata: file.metadata, tensors });
    await writeFile(join(folder, 'changed.safetensors'), new Uint8Array(bytes));
    await writeFile(join(folder, 'broken.safetensors'), 'not a case');
    const outcomes = await runParity(folder, names);
    assert.equal(outcomes.length, 2 * names.length, 'a broken file does not end the run');
    for (const report of outcomes) {
      assert.equal(report.outcome, 'fail');
      if (report.case === 'changed') assert.equal(report.note, 'layers.0.policy.weight');
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is not a number is infinitely far from anything', () => {
  const worst = new Worst();
  worst.compare('nan', [NaN], [1]);
  assert.equal(worst.error, Infinity);
  const shorter = new Worst();
  shorter.compare('short', [1], [1, 2]);
  assert.equal(shorter.error, Infinity);
});
