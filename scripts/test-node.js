/** Runs every *.test.js of build/test with node:test in a child process and counts what it says. */
import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findBrowser } from './browser.js';
import { gpuEnvironment } from './gpu-environment.js';
import { wasmFlags } from './run-built.js';

const folder = 'build/test';
const record = 'build/node-tests.tap';

export async function runNodeTests() {
  const files = (await testFiles()).map((file) => join(folder, file));
  if (files.length === 0) throw new Error(`There are no tests in ${folder}.`);
  const reporters = ['spec', 'stdout', 'tap', record];
  const flags = reporters.map((name, i) =>
    i % 2 === 0 ? `--test-reporter=${name}` : `--test-reporter-destination=${name}`,
  );
  const child = spawn(process.execPath, [...wasmFlags, '--test', '--test-concurrency=2', ...flags, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...gpuEnvironment(findBrowser), CHROME_PATH: findBrowser() },
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const tap = await readFile(record, 'utf8');
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? NaN);
  const [passed, failed] = [count('pass'), count('fail') + count('cancelled')];
  if (Number.isNaN(passed) || Number.isNaN(failed)) throw new Error('The test runner did not finish.');
  const skipped = count('skipped') + count('todo');
  if (skipped > 0) throw new Error(`${skipped} tests were skipped; none may be.`);
  if (code !== 0 && failed === 0) throw new Error(`The test runner ended with ${code}.`);
  return { passed, failed };
}

/** Compiled tests whose source is still there. */
async function testFiles() {
  const sources = (await readdir('test', { recursive: true })).filter((file) => file.endsWith('.test.ts'));
  return sources.map((file) => file.replace(/\.ts$/, '.js')).sort();
}
