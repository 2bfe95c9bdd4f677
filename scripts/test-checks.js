/** What is read rather than run: format, lint, rooms, sizes. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundleElement } from './bundle.js';
import { findBreaches } from './check-rooms.js';
import { shippedModules } from './compile-assembly.js';

/** Most bytes, gzipped. */
const limits = {
  'dist/worker/worker.js': 60_000,
  // The class, for those who load nothing else.
  'dist/adaptive-lm-api.js': 12_000,
  // Fetched only where a GPU is tried. Its text is shaders, whose lines stay those of their files.
  'dist/worker/webgpu.js': 30_000,
  // Fetched where a text is learned, and where that is a web page.
  'dist/worker/training-data.js': 20_000,
  // What keeps models and runs: fetched where something is kept.
  'dist/worker/browser-store.js': 8_000,
  'dist/worker/html-text.js': 32_000,
  // Fetched only where a model goes to another tool or comes from one.
  'dist/worker/exchange.js': 15_000,
  // The completion of fields, with its client and Lit.
  'dist/adaptive-complete.js': 25_000,
  'dist/adaptive-stored.js': 20_000,
  // The training panel, with its client and Lit.
  'dist/adaptive-trainer.js': 34_000,
  // Loaded only where the laboratory is shown.
  'dist/activation-lab.js': 120_000,
  'dist/worker/lab-worker.js': 60_000,
  ...Object.fromEntries(shippedModules.map((name) => [`dist/worker/${name}`, 60_000])),
};
/** An element with its client and all that it needs at once, without Lit. */
const elementLimits = {
  'build/components/define.js': 25_000,
  'build/components/trainer/define.js': 27_000,
};

const run = promisify(execFile);

async function tool(script, ...args) {
  try {
    await run(process.execPath, [`node_modules/${script}`, ...args], { maxBuffer: 2 ** 26 });
  } catch ({ stdout, stderr, message }) {
    throw new Error(stdout + stderr || message);
  }
}

export async function runChecks(attempt) {
  // It takes longest: all the others are done beside it.
  const lint = tool('eslint/bin/eslint.js', '.');
  lint.catch(() => {}); // whoever waits for it hears of it
  await attempt('format', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'));
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
  for (const [file, limit] of Object.entries(elementLimits)) {
    await attempt(`size of ${file} without Lit`, async () => {
      const size = gzipSync(await bundleElement(file)).byteLength;
      if (size > limit) throw new Error(`It has ${size} bytes gzipped, and at most ${limit} are allowed.`);
    });
  }
  await attempt('lint', () => lint);
  return { passed: 0, failed: 0 }; // counted by `attempt`
}
