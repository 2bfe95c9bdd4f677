/** `npm run lm -- train | generate | evaluate …`: the page's runtime in Node. */
import { gpuEnvironment, wantsGpu } from './gpu-environment.js';
import { runBuilt } from './run-built.js';

await runBuilt('build/cli/main.js', wantsGpu(process.argv) ? gpuEnvironment : undefined);
