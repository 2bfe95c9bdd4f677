/** Compiles AssemblyScript: every target of asconfig.json, unless its sources are those of last time. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { generateOps } from './generate-ops.js';

/** What each target is compiled from. */
const entries = {
  kernels: 'assembly/kernels/index.ts',
  'kernels-relaxed': 'assembly/kernels/index.ts',
  'kernels-shared': 'assembly/kernels/index.ts',
  'kernels-shared-relaxed': 'assembly/kernels/index.ts',
  'kernels-debug': 'assembly/kernels/index.ts',
  'kernels-math': 'assembly/kernels/testing.ts',
  'kernels-math-relaxed': 'assembly/kernels/testing.ts',
  peak: 'assembly/peak/index.ts',
  'peak-relaxed': 'assembly/peak/index.ts',
  text: 'assembly/text/index.ts',
  'text-debug': 'assembly/text/index.ts',
};

/** Modules that the worker fetches from beside itself. */
export const shippedModules = [
  'kernels.wasm',
  'kernels-relaxed.wasm',
  'kernels-shared.wasm',
  'kernels-shared-relaxed.wasm',
  'text.wasm',
];

const stamp = 'build/assembly/sources.sha256';

export async function compileAssembly() {
  await generateOps();
  const sources = await hashSources();
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) return;
  const { targets } = JSON.parse(await readFile('asconfig.json', 'utf8'));
  for (const target of Object.keys(targets)) await compile(target);
  await mkdir('build/worker', { recursive: true });
  for (const name of shippedModules) await copyFile(`build/assembly/${name}`, `build/worker/${name}`);
  await writeFile(stamp, sources);
}

async function compile(target) {
  const entry = entries[target];
  if (!entry) throw new Error(`scripts/compile-assembly.js has no entry for target ${target} of asconfig.json.`);
  const { error, stderr } = await asc.main([entry, '--config', 'asconfig.json', '--target', target]);
  if (error) throw new Error(`AssemblyScript, target ${target}:\n${stderr}`, { cause: error });
}

async function hashSources() {
  const hash = createHash('sha256');
  const files = (await readdir('assembly', { recursive: true })).filter((file) => file.endsWith('.ts')).sort();
  for (const file of [...files.map((name) => join('assembly', name)), 'asconfig.json', 'package-lock.json']) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}
