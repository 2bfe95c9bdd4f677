/** Runs *.test.js of build/test with node:test in a child process and counts what it says. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { findBrowser } from './browser.js';
import { gpuEnvironment } from './gpu-environment.js';
import { wasmFlags } from './run-built.js';

const record = 'build/node-tests.tap';

/** Each reporter, and where it writes. */
const reporters = {
  spec: 'stdout',
  tap: record,
  './scripts/node-test-times.js': 'build/node-tests.json',
};

/** @param sources in test/; what is compiled and has no source any more is left out. */
export async function runNodeTests(sources) {
  const files = sources.map((file) => `build/test/${file.replace(/\.ts$/, '.js')}`).sort();
  if (files.length === 0) throw new Error('There are no tests of that name.');
  const flags = Object.entries(reporters).flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
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
