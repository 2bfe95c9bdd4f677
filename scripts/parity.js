/** `npm run parity -- DIR [--backend NAME] [--json FILE]`: golden cases on every backend, on webgpu if named. */
import { gpuEnvironment } from './gpu-environment.js';
import { runBuilt } from './run-built.js';

// Only WebGPU needs a driver, and only then is a browser looked for that may bring one.
const needsDriver = process.argv.includes('webgpu') || process.argv.includes('--backend=webgpu');

await runBuilt('build/test/parity/main.js', needsDriver ? gpuEnvironment : undefined);
