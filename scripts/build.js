/**
 * `npm run build`: everything from a fresh clone to what ships.
 *   build/       TypeScript file for file, and assembly/*.wasm: what Node and the tests run
 *   dist/        the package: bundles, worker, wasm
 *   build/site/  the page that `npm start` serves
 */
import { spawn } from 'node:child_process';
import { ensureDependencies } from './dependencies.js';

/** @param what 'code' leaves the bundles out: enough for Node. */
export async function build(what = 'all') {
  ensureDependencies();
  const { generateShaders } = await import('./generate-shaders.js');
  await generateShaders();
  const { generateFingerprint } = await import('./generate-fingerprint.js');
  await generateFingerprint();
  // Neither of the two compilers needs the other's.
  const types = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { stdio: 'inherit' });
  const typed = new Promise((resolve) => types.on('close', resolve));
  const { compileAssembly } = await import('./compile-assembly.js');
  await compileAssembly();
  if ((await typed) !== 0) throw new Error('TypeScript found errors.');
  if (what === 'code') return;
  const { bundle } = await import('./bundle.js');
  await bundle();
}

if (process.argv[1] === import.meta.filename) await build();
