/** What is read rather than run: format, lint, rooms, sizes. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { findBreaches } from './check-rooms.js';

/** Most bytes, gzipped. */
const limits = {
  'dist/worker.js': 60_000,
  'dist/kernels.wasm': 60_000,
  'dist/kernels-relaxed.wasm': 60_000,
  'dist/text.wasm': 60_000,
};

function tool(script, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/${script}`, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout + stderr);
}

export async function runChecks(attempt) {
  await attempt('format', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'));
  await attempt('lint', () => tool('eslint/bin/eslint.js', '.'));
  await attempt('rooms', async () => {
    const breaches = await findBreaches();
    if (breaches.length > 0) throw new Error(breaches.join('\n'));
  });
  for (const [file, limit] of Object.entries(limits)) {
    await attempt(`size of ${file}`, async () => {
      const size = gzipSync(await readFile(file)).byteLength;
      if (size > limit) throw new Error(`${file} has ${size} bytes gzipped, and at most ${limit} are allowed.`);
    });
  }
  return { passed: 0, failed: 0 }; // counted by `attempt`
}
