/** docs/install.md says what the tests do. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import * as v from 'valibot';
import { bundlers } from './bundlers.js';
import { strictPolicy } from './server.js';

const appSchema = v.object({ scripts: v.object({ build: v.string() }) });
const packageSchema = v.object({ exports: v.record(v.string(), v.unknown()) });

describe('the guide to installing', () => {
  let guide: string;

  before(async () => {
    guide = await readFile('docs/install.md', 'utf8');
  });

  test('gives the configurations and commands that the apps are built with', async () => {
    for (const bundler of bundlers) {
      const app = `test/package/apps/${bundler}`;
      const { scripts } = v.parse(appSchema, JSON.parse(await readFile(`${app}/package.json`, 'utf8')));
      if (bundler !== 'vite') assert.ok(guide.includes(`\n${scripts.build}\n`), bundler);
    }
    for (const file of ['vite/vite.config.js', 'rollup/rollup.config.js']) {
      assert.ok(guide.includes(`\n${await readFile(`test/package/apps/${file}`, 'utf8')}`), file);
    }
  });

  test('gives the policy that is tested', () => assert.ok(guide.includes(`\n${strictPolicy}\n`)));

  test('has every entry of the package', async () => {
    const { exports } = v.parse(packageSchema, JSON.parse(await readFile('package.json', 'utf8')));
    const entries = Object.keys(exports).filter((name) => !/package\.json|wasm|(lab|node)-worker/.test(name));
    for (const name of entries) {
      assert.ok(guide.includes(`| \`${name.replace(/^\./, 'adaptive-lm').replace('*', '…')}\``), name);
    }
  });
});
