/**
 * Holds the arrows of docs/architecture.md: each room imports only what it may. Also that nothing imports in circles
 * across rooms, and that every op has its four files.
 */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

const rooms = {
  api: ['core', 'worker/client.ts', 'worker/connection.ts', 'worker/node-endpoint.ts'],
  core: [],
  model: ['core'],
  assembly: [],
  gpu: ['core'],
  worker: ['core', 'model', 'gpu'],
  lab: ['core', 'model', 'gpu', 'worker'],
  components: ['core', 'worker/client.ts', 'lab/client.ts', 'lab/figures', 'lab/experiment.ts'],
  cli: ['core', 'model', 'gpu', 'worker', 'lab'],
  demo: ['components'],
  bench: ['core', 'model', 'gpu', 'worker', 'lab', 'components', 'cli'],
  test: ['core', 'model', 'gpu', 'worker', 'lab', 'components', 'api', 'cli', 'demo', 'bench'],
};

/** Packages that a room may use; Node's own modules only where the room runs in Node. */
const packages = {
  api: ['comlink', 'wasm-feature-detect'],
  core: ['valibot'],
  model: [],
  assembly: [],
  gpu: [],
  worker: ['comlink', 'htmlparser2', 'idb-keyval', 'wasm-feature-detect'],
  lab: ['@observablehq/plot', 'comlink', 'valibot'],
  components: ['lit'],
  cli: ['node', 'cli-progress', 'comlink', 'linkedom', 'wasm-feature-detect', 'webgpu'],
  demo: [],
  bench: [
    'node',
    'puppeteer-core',
    'wasm-feature-detect',
    '@huggingface/tokenizers',
    '@jax-js/jax',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-backend-webgpu',
    '@tensorflow/tfjs-core',
    'gpt-tokenizer',
    'onnxruntime-web',
  ],
  test: [
    'node',
    '@arethetypeswrong/core',
    '@open-wc/testing',
    '@web/test-runner-commands',
    'axe-core',
    'comlink',
    'fast-check',
    'linkedom',
    'onnxruntime-web',
    'publint',
    'puppeteer-core',
    'sirv',
    'typescript',
    'valibot',
    'vite',
    'wasm-feature-detect',
    'wgsl_reflect',
    'lit',
  ],
};

/** Every breach, as a line for people. */
export async function findBreaches() {
  const breaches = [];
  for (const room of Object.keys(rooms).filter((name) => existsSync(name))) {
    const files = (await readdir(room, { recursive: true })).filter((file) => file.endsWith('.ts'));
    for (const file of files) {
      const path = join(room, file);
      const { importedFiles } = ts.preProcessFile(await readFile(path, 'utf8'));
      for (const { fileName } of importedFiles) {
        if (!allowed(room, path, fileName)) breaches.push(`${path} may not import ${fileName}`);
      }
    }
  }
  return [...breaches, ...(await findMissingOpFiles())];
}

function allowed(room, path, target) {
  if (!target.startsWith('.')) {
    const name = target.startsWith('node:')
      ? 'node'
      : target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/');
    return packages[room].includes(name);
  }
  const file = normalize(join(dirname(path), target))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '.ts');
  const other = file.split('/')[0];
  return (
    other === room || rooms[room].some((entry) => entry === other || entry === file || file.startsWith(`${entry}/`))
  );
}

/** One op has one name everywhere. */
async function findMissingOpFiles() {
  const table = await readFile('core/ops.ts', 'utf8');
  const names = new Set([...table.matchAll(/\bop\(\s*'([a-z-]+)'/g)].map(([, name]) => name));
  if (names.size === 0) return ['core/ops.ts: no op was found in it'];
  const places = (name) => [
    `assembly/kernels/${name}.ts`,
    `gpu/kernels/${name}.wgsl`,
    `test/reference/${name}.ts`,
    `docs/math/${name}.md`,
  ];
  return [...names].flatMap((name) =>
    places(name)
      .filter((file) => !existsSync(file))
      .map((file) => `${file} is missing`),
  );
}

if (process.argv[1] === import.meta.filename) {
  const breaches = await findBreaches();
  for (const breach of breaches) console.error(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
