/** Bundles what ships (dist/) and the page (build/site/), and puts beside it what is fetched at run time. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import { shippedModules } from './compile-assembly.js';
import { describeElements } from './custom-elements.js';
import { reachableTypes } from './reachable-types.js';

/** What package.json says of side effects speaks of dist/, not of what it is made from. */
const resolve = [nodeResolve({ ignoreSideEffectsForRoot: true }), commonjs()];
const minify = terser({ module: true, ecma: 2022 });

/** What an app imports from npm. These share code with each other, and Lit with the app. */
const modules = {
  index: 'build/components/index.js',
  define: 'build/components/define.js',
  complete: 'build/components/complete/define.js',
  stored: 'build/components/stored/define.js',
  trainer: 'build/components/trainer/define.js',
  'strings-de': 'build/components/strings/de.js',
  lab: 'build/components/lab/define.js',
  api: 'build/api/index.js',
};

/** For pages without a bundler: each is one file with all that it needs but the workers, named after what it gives. */
const plainFiles = {
  'adaptive-lm': 'build/components/define.js',
  'adaptive-complete': 'build/components/complete/define.js',
  'adaptive-stored': 'build/components/stored/define.js',
  'adaptive-trainer': 'build/components/trainer/define.js',
  'adaptive-strings-de': 'build/components/strings/de.js',
  'activation-lab': 'build/components/lab/define.js',
  'adaptive-lm-api': 'build/api/index.js',
};

/** What has no dependencies when it runs: not all bundlers look into a worker. */
const workers = [
  { worker: 'build/worker/worker.js' },
  { 'lab-worker': 'build/lab/lab-worker.js' },
  { thread: 'build/worker/threads/thread.js' },
];

/** In a folder of its own: there is a thread.js for pages, too. */
const nodeWorkers = [{ worker: 'build/cli/node-worker.js' }, { thread: 'build/cli/thread.js' }];

const pages = [
  { main: 'build/demo/main.js', trainer: 'build/demo/trainer.js' },
  { lab: 'build/demo/lab.js' },
  { complete: 'build/demo/complete.js' },
  ...workers,
];

const pageFiles = {
  'demo/index.html': 'index.html',
  'demo/lab.html': 'lab.html',
  'demo/trainer.html': 'trainer.html',
  'demo/trainer.css': 'trainer.css',
  'demo/complete.html': 'complete.html',
  'demo/complete.css': 'complete.css',
  'demo/lab.css': 'lab.css',
  'demo/style.css': 'style.css',
  'models/shakespeare.safetensors': 'shakespeare.safetensors',
};

export async function bundle() {
  await bundlePackage('dist');
  await bundleSite('build/site');
}

async function bundlePackage(folder) {
  await rm(folder, { recursive: true, force: true });
  const { dependencies, peerDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const external = new RegExp(`^(${Object.keys({ ...dependencies, ...peerDependencies }).join('|')})(/|$)`);
  // Not minified: the app's bundler does that, and until then its stack traces can be read.
  await bundleEntry(modules, folder, { external, plugins: [workersApart] });
  for (const [name, file] of Object.entries(plainFiles)) {
    const output = { inlineDynamicImports: true, plugins: [minify] };
    await bundleEntry({ [name]: file }, folder, { plugins: [workersApart], output });
  }
  for (const input of workers) await bundleEntry(input, `${folder}/worker`, { output: { plugins: [minify] } });
  for (const input of nodeWorkers) await bundleEntry(input, `${folder}/node`, { output: { plugins: [minify] } });
  await copyModules(`${folder}/worker`);
  for (const file of await reachableTypes(Object.values(modules))) {
    const to = join(folder, 'types', relative('build', file));
    await mkdir(dirname(to), { recursive: true });
    // Where the compiler names a type by itself it looks behind Lit, where an app need not find anything.
    await writeFile(to, (await readFile(file, 'utf8')).replaceAll('import("lit-html")', 'import("lit")'));
  }
  await describeElements(folder);
  // Workers are started, not imported: they export nothing.
  await writeFile(join(folder, 'types/script.d.ts'), 'export {};\n');
}

async function bundleSite(folder) {
  await rm(folder, { recursive: true, force: true });
  for (const input of pages) await bundleEntry(input, folder, { output: { sourcemap: true, plugins: [minify] } });
  await copyModules(folder);
  for (const [from, to] of Object.entries(pageFiles)) await copy(from, join(folder, to));
}

async function copyModules(folder) {
  for (const name of shippedModules) await copy(`build/assembly/${name}`, join(folder, name));
}

async function copy(from, to) {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

/** In the sources workers lie beside their page sides. In the package they have a folder, which can be copied as a whole. */
const workersApart = {
  name: 'workers-apart',
  transform: (code) => ({
    code: code.replace(/new URL\('\.\/([a-z-]*worker\.js)', import\.meta\.url\)/g, (all, file) =>
      all.replace(`./${file}`, `./worker/${file}`),
    ),
    map: null,
  }),
};

/** Modules with all that they import, as files of one folder. */
export async function bundleEntry(input, folder, { external = [], plugins = [], output = {} } = {}) {
  const made = await rollup({ input, external, plugins: [...resolve, ...plugins], onwarn: refuse });
  await made.write({ dir: folder, format: 'es', chunkFileNames: '[name].js', ...output });
  await made.close();
}

/** What `input` and all that it imports at once come to, minified: without Lit, and without what is fetched later. */
export async function bundleElement(input = 'build/components/define.js') {
  const made = await rollup({ input, plugins: resolve, external: /^lit/, onwarn: refuse });
  const { output } = await made.generate({ format: 'es', plugins: [minify] });
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
