/**
 * An app of each bundler, with the configuration that docs/install.md gives: the package is installed from its tarball,
 * the app is built by its own command and opened in Chromium, where it writes and learns.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';
import { install } from './packed.js';
import { isolation, ownOriginOnly, serveSite } from './server.js';
import { trainALittle, visit, writeThree } from './visit.js';

export const bundlers = ['esbuild', 'rollup', 'vite', 'webpack'] as const;

export type Bundler = (typeof bundlers)[number];

/** What an app's configuration imports. */
const plugins: Readonly<Partial<Record<Bundler, readonly string[]>>> = { rollup: ['@rollup/plugin-node-resolve'] };

/** The app in a new temporary folder, with the package installed. @returns the folder. */
export async function makeApp(bundler: Bundler, tarball: string): Promise<string> {
  const app = await mkdtemp(join(tmpdir(), `adaptive-lm-${bundler}-`));
  await cp(join('test/package/apps', bundler), app, { recursive: true });
  await install(tarball, app, plugins[bundler]);
  return app;
}

/** @returns the folder with what came out. */
export async function buildApp(app: string): Promise<string> {
  const PATH = [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter);
  await promisify(execFile)('npm', ['run', 'build'], { cwd: app, env: { ...process.env, PATH } });
  return join(app, 'dist');
}

/** Opens a built app, on a page that lets workers share memory, and uses the element. */
export async function useApp(browser: Browser, built: string): Promise<void> {
  const site = await serveSite([built, 'models'], ownOriginOnly, isolation);
  try {
    assert.deepEqual(await useElement(browser, site.url), []);
    assert.deepEqual(site.violations, []);
  } finally {
    site.close();
  }
}

/** Writes with the model that the page names, and trains one. @returns what the page complained about. */
export async function useElement(browser: Browser, url: string): Promise<readonly string[]> {
  const opened = await visit(browser, url);
  assert.equal((await writeThree(opened)).length, 3);
  assert.equal(await trainALittle(opened), 'finished');
  await opened.page.close();
  return opened.troubles;
}
