/** Bundles what ships (dist/) and the page (build/site/), and puts beside it what is fetched at run time. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import { shippedModules } from './compile-assembly.js';

const worker = { worker: 'build/worker/worker.js' };

const package_ = {
  folder: 'dist',
  inputs: [{ index: 'build/components/index.js', 'adaptive-lm': 'build/components/define.js' }, worker],
  files: {},
};

const site = {
  folder: 'build/site',
  inputs: [{ main: 'build/demo/main.js' }, worker],
  files: {
    'demo/index.html': 'index.html',
    'demo/style.css': 'style.css',
    'models/shakespeare.safetensors': 'shakespeare.safetensors',
  },
};

export async function bundle() {
  for (const target of [package_, site]) await write(target);
}

async function write({ folder, inputs, files }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const input of inputs) {
    const made = await rollup({ input, plugins: [nodeResolve()], onwarn: refuse });
    await made.write({
      dir: folder,
      format: 'es',
      sourcemap: true,
      chunkFileNames: '[name].js',
      plugins: [terser({ module: true, ecma: 2022 })],
    });
    await made.close();
  }
  for (const name of shippedModules) await copyFile(`build/assembly/${name}`, `${folder}/${name}`);
  for (const [from, to] of Object.entries(files)) await copyFile(from, `${folder}/${to}`);
}

function refuse(warning) {
  throw new Error(`rollup: ${warning.message}`);
}
