/** The laboratory's module worker. */
import { expose } from 'comlink';
import { fetchModules, type Modules } from '../worker/assets.js';
import { createWasmExecutor } from '../worker/wasm-executor.js';
import { createLabEndpoint } from './endpoint.js';
import { experiment, isExperimentName } from './experiments.js';
import { PageLaboratory } from './page-laboratory.js';

let modules: Promise<Modules> | null = null;

/** Fetched once, and again after that failed. */
function ready(): Promise<Modules> {
  modules ??= fetchModules().catch((error: unknown) => {
    modules = null;
    throw error;
  });
  return modules;
}

const laboratory = new PageLaboratory(async () => {
  const { kernels, threads } = await ready();
  return createWasmExecutor({ module: kernels, threads });
});

expose(
  createLabEndpoint({
    find: (name) => (isExperimentName(name) ? experiment(name) : null),
    laboratory: (request, signal) => laboratory.open(request, signal),
  }),
);
