/** `npm run parity -- DIR [--backend NAME] [--json FILE]`: golden cases on every backend, on webgpu if named. */
import { findBrowser } from './browser.js';
import { gpuEnvironment, wantsGpu } from './gpu-environment.js';
import { runBuilt } from './run-built.js';

// Only WebGPU needs a driver, and only then is a browser looked for that may bring one.
await runBuilt('build/test/parity/main.js', wantsGpu(process.argv) ? () => gpuEnvironment(findBrowser) : undefined);
