/** `npm run bench:gpu [-- NAME …] [--limit SECONDS] [--json FILE]`: builds, and measures the GPU in Node; no browser is needed. */
import { gpuEnvironment } from './gpu-environment.js';
import { runBuilt } from './run-built.js';

await runBuilt('build/bench/gpu/main.js', gpuEnvironment);
