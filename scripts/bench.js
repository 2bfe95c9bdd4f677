/** `npm run bench [-- NAME …] [--json FILE]`: builds, bundles the measuring page, and measures in a headless Chromium. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { build } from './build.js';

await build();
const { bundleEntry } = await import('./bundle.js');
const { shippedModules } = await import('./compile-assembly.js');
const { browserFlags, findBrowser } = await import('./browser.js');
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

const { server, url } = await serve({ port: 0 });
const child = spawn(process.execPath, ['build/bench/main.js', '--url', url, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, CHROME_PATH: findBrowser(), CHROME_FLAGS: browserFlags.join(' ') },
});
process.exitCode = await new Promise((resolve) => child.on('close', resolve));
server.close();
server.closeAllConnections();
