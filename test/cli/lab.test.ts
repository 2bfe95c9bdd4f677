/** `npm run lab` as a user runs it. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { lm, type Circumstances } from './lm.js';

let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
});

after(() => rm(folder, { recursive: true }));

const lab = (args: readonly string[], circumstances: Circumstances = {}) =>
  lm(args, { ...circumstances, script: 'lab' });

test('without a name it lists the experiments', async () => {
  const { code, out } = await lab([]);
  assert.equal(code, 0);
  for (const line of [/^ {2}bottleneck +How/m, /^ {2}adaptation +What/m, /^ {2}--seeds N/m]) assert.match(out, line);
});

test('a run prints claims, and writes reports and figures', async () => {
  const [json, figures] = [join(folder, 'found.json'), join(folder, 'figures')];
  const settings = ['--set', 'size=3', '--set', 'positions=4', '--set', 'policyActivation=tanh'];
  const { code, out } = await lab(['adaptation', '--seeds', '2', ...settings, '--json', json, '--figures', figures]);
  assert.equal(code, 0);
  assert.match(out, /^\| output adaptation scales whole rows of W .*\| yes +\|$/m);
  assert.deepEqual(await readdir(figures), ['lab-adaptation.svg']);
  const found: unknown = JSON.parse(await readFile(json, 'utf8'));
  assert.ok(typeof found === 'object' && found !== null && 'settings' in found && 'reports' in found);
  assert.deepEqual(found.settings, { size: 3, positions: 4, policyActivation: 'tanh' });
  assert.ok(Array.isArray(found.reports) && found.reports.length === 2);
});

test('what cannot be is refused in a line', async () => {
  const refused = [
    [['cake'], /^invalid-option: There is no experiment cake; there are bottleneck, /],
    [['sine', '--seeds', '0'], /^invalid-option: --seeds: expected a whole number from 1/],
    [['sine', '--set', 'steps'], /^invalid-option: --set: expected NAME=VALUE, got “steps”/],
    [
      ['sine', '--set', 'hiddenSize=0'],
      /^invalid-option: Settings of sine, hiddenSize: expected a whole number from 1/,
    ],
    [['bottleneck', '--data', join(folder, 'none')], /^disk: There is no .*npm run lm -- download --name mnist/],
  ] as const;
  for (const [args, message] of refused) {
    const { code, error } = await lab(args);
    assert.equal(code, 1);
    assert.match(error, message);
  }
});

test('Ctrl-C ends a run', async () => {
  const { code, error } = await lab(['sine', '--set', 'steps=1000000'], { interruptAfter: /seed 1 of 1/ });
  assert.equal(code, 130);
  assert.match(error, /aborted: The experiment was stopped\./);
});
