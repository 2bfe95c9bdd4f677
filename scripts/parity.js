/** `npm run parity -- DIR [--backend NAME] [--json FILE]`: golden cases on every backend. */
import { gpuEnvironment } from './gpu-environment.js';
import { runBuilt } from './run-built.js';

await runBuilt('build/test/parity/main.js', gpuEnvironment);
