/** Bundles what ships (dist/) and the page (build/site/), and puts beside it what is fetched at run time. */
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import { shippedModules } from './compile-assembly.js';

/** What package.json says of side effects speaks of dist/, not of what it is made from. */
const resolve = [nodeResolve({ ignoreSideEffectsForRoot: true }), commonjs()];

const worker = { worker: 'build/worker/worker.js' };
const labWorker = { 'lab-worker': 'build/lab/lab-worker.js' };
const thread = { thread: 'build/worker/threads/thread.js' };

const package_ = {
  folder: 'dist',
  inputs: [
    {
      index: 'build/components/index.js',
      'adaptive-lm': 'build/components/define.js',
      trainer: 'build/components/trainer/define.js',
    },
    { lab: 'build/components/lab/define.js' },
    { complete: 'build/components/complete/define.js' },
    { stored: 'build/components/stored/define.js' },
    { api: 'build/api/index.js' },
    worker,
    labWorker,
    thread,
  ],
  files: {},
};

/** In a folder of its own: there is a thread.js for pages, too. */
const node = [{ worker: 'build/cli/node-worker.js' }, { thread: 'build/cli/thread.js' }];

const site = {
  folder: 'build/site',
  inputs: [
    { main: 'build/demo/main.js', trainer: 'build/demo/trainer.js' },
    { lab: 'build/demo/lab.js' },
    { complete: 'build/demo/complete.js' },
    worker,
    labWorker,
    thread,
  ],
  files: {
    'demo/index.html': 'index.html',
    'demo/lab.html': 'lab.html',
    'demo/trainer.html': 'trainer.html',
    'demo/complete.html': 'complete.html',
    'demo/complete.css': 'complete.css',
    'demo/lab.css': 'lab.css',
    'demo/trainer.css': 'trainer.css',
    'demo/style.css': 'style.css',
    'models/shakespeare.safetensors': 'shakespeare.safetensors',
  },
};

export async function bundle() {
  for (const target of [package_, site]) await write(target);
  for (const input of node) await bundleEntry(input, `${package_.folder}/node`);
  await copyTypes();
}

/** What the package's types reach: the elements, the workers' page sides, and the nouns of core. */
async function copyTypes() {
  for (const room of ['api', 'components', 'core', 'lab', 'worker']) {
    const files = (await readdir(join('build', room), { recursive: true })).filter((file) => file.endsWith('.d.ts'));
    for (const file of files) {
      const to = join('dist/types', room, file);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join('build', room, file), to);
    }
  }
}

async function write({ folder, inputs, files }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const input of inputs) await bundleEntry(input, folder);
  for (const name of shippedModules) await copyFile(`build/assembly/${name}`, `${folder}/${name}`);
  for (const [from, to] of Object.entries(files)) await copyFile(from, `${folder}/${to}`);
}

/** Modules with all that they import, as files of one folder. */
export async function bundleEntry(input, folder) {
  const made = await rollup({ input, plugins: resolve, onwarn: refuse });
  await made.write({
    dir: folder,
    format: 'es',
    sourcemap: true,
    chunkFileNames: '[name].js',
    plugins: [terser({ module: true, ecma: 2022 })],
  });
  await made.close();
}

/** What `input` and all that it imports at once come to, minified: without Lit, and without what is fetched later. */
export async function bundleElement(input = 'build/components/define.js') {
  const made = await rollup({ input, plugins: resolve, external: /^lit/, onwarn: refuse });
  const { output } = await made.generate({ format: 'es', plugins: [terser({ module: true, ecma: 2022 })] });
  await made.close();
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set(output.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of reached) for (const next of chunks.get(name)?.imports ?? []) reached.add(next);
  return [...reached].map((name) => chunks.get(name)?.code ?? '').join('');
}

/** Some libraries import in circles, and work. */
function refuse(warning) {
  if (warning.code === 'CIRCULAR_DEPENDENCY' && warning.ids?.every((id) => id.includes('node_modules'))) return;
  throw new Error(`rollup: ${warning.message}`);
}
