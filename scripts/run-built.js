/** Runs a built script in Node, after building it, with the flags that this Node needs. */
import { spawn } from 'node:child_process';
import { build } from './build.js';

/** Relaxed SIMD is behind a flag in Node 20 and always on in later ones, which refuse the flag. */
export const wasmFlags = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : [];

/** @param env variables to add to the child's environment, once it is known that there is something to run */
export async function runBuilt(script, env = () => ({})) {
  try {
    await build('code');
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const child = spawn(process.execPath, [...wasmFlags, script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...env() },
  });
  // The terminal sends Ctrl-C to both; what to do about it is the child's business.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
