/** Runs *.test.js of build/test with node:test in a child process and counts what it says. */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { findBrowser } from './browser.js';
import { gpuEnvironment } from './gpu-environment.js';
import { wasmFlags } from './run-built.js';

const record = 'build/node-tests.json';

/** @param sources in test/; what is compiled and has no source any more is left out. */
export async function runNodeTests(sources) {
  const files = sources.map((file) => `build/test/${file.replace(/\.ts$/, '.js')}`).sort();
  if (files.length === 0) throw new Error('There are no tests of that name.');
  const flags = ['spec', './scripts/node-test-record.js'].map((reporter) => `--test-reporter=${reporter}`);
  flags.push('--test-reporter-destination=stdout', `--test-reporter-destination=${record}`);
  await rm(record, { force: true }); // what is there is of another run
  const child = spawn(process.execPath, [...wasmFlags, '--test', '--test-concurrency=2', ...flags, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...gpuEnvironment(findBrowser), CHROME_PATH: findBrowser() },
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const { pass, fail, cancelled, skipped, todo } = JSON.parse(await readFile(record, 'utf8')).counts;
  const [passed, failed] = [pass, fail + cancelled];
  if (!Number.isInteger(passed + failed)) throw new Error('The test runner did not finish.');
  if (skipped + todo > 0) throw new Error(`${skipped + todo} tests were skipped; none may be.`);
  if (code !== 0 && failed === 0) throw new Error(`The test runner ended with ${code}.`);
  return { passed, failed };
}
