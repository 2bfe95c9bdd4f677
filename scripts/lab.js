/** `npm run lab -- NAME …`: an experiment of the research, in Node. */
import { gpuEnvironment, wantsGpu } from './gpu-environment.js';
import { runBuilt } from './run-built.js';

await runBuilt('build/cli/lab.js', wantsGpu(process.argv) ? gpuEnvironment : undefined);
