/** `npm run bench [-- NAME …] [--json FILE]`: builds, bundles the measuring page, and measures in a headless Chromium. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { build } from './build.js';

await build();
const { bundleEntry } = await import('./bundle.js');
const { shippedModules } = await import('./compile-assembly.js');
const { browserFlags, findBrowser } = await import('./browser.js');
const { webgpuBrowserFlags } = await import('./gpu-environment.js');
const { serve } = await import('./serve.js');

const folder = 'build/site/bench';
await mkdir(folder, { recursive: true });
for (const entry of ['page', 'worker']) await bundleEntry({ [entry]: `build/bench/page/${entry}.js` }, folder);
await bundleEntry({ thread: 'build/worker/threads/thread.js' }, folder);
for (const name of [...shippedModules, 'peak.wasm', 'peak-relaxed.wasm']) {
  await copyFile(`build/assembly/${name}`, `${folder}/${name}`);
}
await writeFile(
  `${folder}/index.html`,
  '<!doctype html><title>bench</title><script type="module" src="page.js"></script>\n',
);

const onGpu = process.argv.includes('webgpu-peers');
if (onGpu || process.argv.includes('peers')) await bundlePeers();
if (process.argv.includes('tokenizers')) await bundlePeer('tokenizers');

const { server, url } = await serve({ port: 0 });
server.prependListener('request', letPeersThread);
const counter = await countBytes(server);
const child = spawn(
  process.execPath,
  ['build/bench/main.js', '--url', url, '--counter', counter.url, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      CHROME_PATH: findBrowser(),
      CHROME_FLAGS: [...browserFlags, ...(onGpu ? webgpuBrowserFlags() : [])].join(' '),
    },
  },
);
process.exitCode = await new Promise((resolve) => child.on('close', resolve));
for (const each of [server, counter.server]) {
  each.close();
  each.closeAllConnections();
}

/** Another server, which says how many bytes the first has sent: the page's own tools do not see what its worker fetches. */
async function countBytes(counted) {
  const sockets = new Set();
  counted.on('connection', (socket) => sockets.add(socket));
  const teller = createServer((_, response) => {
    response.end(String([...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)));
  });
  await new Promise((resolve) => teller.listen(0, '127.0.0.1', resolve));
  return { server: teller, url: `http://127.0.0.1:${teller.address().port}/` };
}

/** Other engines: as they are, since minifying breaks what they make threads of, and with what they fetch beside them. */
async function bundlePeers() {
  for (const engine of ['ours', 'tensorflow', 'jax', 'onnx']) await bundlePeer(engine);
  const fetched = [
    ...['simd', 'threaded-simd'].map((kind) => `@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-${kind}.wasm`),
    ...['mjs', 'wasm'].map((extension) => `onnxruntime-web/dist/ort-wasm-simd-threaded.${extension}`),
  ];
  for (const file of fetched) await copyFile(`node_modules/${file}`, `${folder}/${basename(file)}`);
}

async function bundlePeer(engine) {
  const { default: commonjs } = await import('@rollup/plugin-commonjs');
  const { nodeResolve } = await import('@rollup/plugin-node-resolve');
  const { rollup } = await import('rollup');
  const plugins = [nodeResolve({ browser: true }), commonjs()];
  const made = await rollup({ input: `build/bench/peers/${engine}.js`, plugins, onwarn: refuseUnresolved });
  await made.write({ file: `${folder}/peer-${engine}.js`, format: 'es', inlineDynamicImports: true });
  await made.close();
}

/** Foreign code warns of much that is none of our business, but not of everything. */
function refuseUnresolved({ code, message }) {
  if (code === 'UNRESOLVED_IMPORT') throw new Error(`rollup: ${message}`);
}

/** Peers make their threads of blobs, which our own policy forbids. A worker's policy is that of its own script. */
function letPeersThread({ url: path }, response) {
  if (!path.startsWith('/bench/peer-')) return;
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(name, name === 'Content-Security-Policy' ? value.replace("script-src 'self'", '$& blob:') : value);
}
