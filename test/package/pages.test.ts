/** The package in pages: in an app with a bundler, as plain files, from a CDN, and under the strictest policy. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { buildApp, makeApp, useApp } from './bundlers.js';
import { pack } from './packed.js';
import { isolation, ownOriginOnly, serveSite, strictPolicy, type Site } from './server.js';
import { openBrowser, trainALittle, visit, writeThree } from './visit.js';

/** What a CDN answers with. */
const shared = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };

async function pageOf(html: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-page-'));
  await writeFile(join(folder, 'index.html'), `<!doctype html><html lang="en"><title>A page</title>${html}</html>`);
  return folder;
}

describe('a page with the package', () => {
  let browser: Browser;
  const sites: Site[] = [];

  const serve = async (...given: Parameters<typeof serveSite>): Promise<Site> => {
    const site = await serveSite(...given);
    sites.push(site);
    return site;
  };

  before(async () => {
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    for (const site of sites) site.close();
  });

  test('in an app of esbuild', async () => useApp(browser, await buildApp(await makeApp('esbuild', await pack()))));

  for (const headers of [isolation, {}]) {
    const isolated = headers === isolation ? 'isolated' : 'not isolated';
    test(`keeps the strictest policy, with Trusted Types, ${isolated}`, async () => {
      const page = await pageOf(`<script type="module" src="adaptive-lm.js"></script>
        <adaptive-lm src="shakespeare.safetensors"></adaptive-lm>`);
      const site = await serve([page, 'dist', 'models'], strictPolicy, headers);
      const opened = await visit(browser, site.url);
      assert.equal((await writeThree(opened)).length, 3);
      assert.equal(await trainALittle(opened), 'finished');
      assert.deepEqual([...opened.troubles, ...site.violations], []);
      await opened.page.close();
    });
  }

  test('keeps it with several elements, each with a Lit of its own', async () => {
    const page = await pageOf(`<script type="module" src="adaptive-complete.js"></script>
      <script type="module" src="adaptive-stored.js"></script>
      <script type="module" src="adaptive-trainer.js"></script>
      <div>
        <textarea id="letter"></textarea>
        <adaptive-complete for="letter" src="shakespeare.safetensors"></adaptive-complete>
      </div>
      <adaptive-stored></adaptive-stored>
      <adaptive-trainer></adaptive-trainer>`);
    const site = await serve([page, 'dist', 'models'], `${strictPolicy} 'allow-duplicates'`);
    const opened = await visit(browser, site.url);
    await opened.page.$eval('adaptive-complete', async (element) => {
      await Promise.all(
        ['complete', 'stored', 'trainer'].map((name) => customElements.whenDefined(`adaptive-${name}`)),
      );
      return element.load();
    });
    assert.deepEqual([...opened.troubles, ...site.violations], []);
    await opened.page.close();
  });

  test('may have it twice', async () => {
    const page = await pageOf(`<script type="module" src="adaptive-lm.js"></script>
      <script type="module" src="copy/adaptive-lm.js"></script>
      <adaptive-lm src="shakespeare.safetensors"></adaptive-lm>`);
    await cp('dist', join(page, 'copy'), { recursive: true });
    const site = await serve([page, 'dist', 'models'], ownOriginOnly);
    const opened = await visit(browser, site.url);
    assert.equal((await writeThree(opened)).length, 3);
    assert.deepEqual([...opened.troubles, ...site.violations], []);
    await opened.page.close();
  });

  test('has it from a CDN, with its threads', async () => {
    const cdn = await serve(['dist', 'models'], "default-src 'none'", shared);
    const page = await pageOf(`<script type="module" src="${cdn.url}adaptive-lm.js"></script>
      <adaptive-lm src="${cdn.url}shakespeare.safetensors"></adaptive-lm>`);
    const policy = `default-src 'none'; script-src ${cdn.url} 'wasm-unsafe-eval'; worker-src blob: ${cdn.url}; connect-src ${cdn.url}`;
    const site = await serve([page], policy, isolation);
    const opened = await visit(browser, site.url);
    assert.equal(await opened.page.evaluate(() => crossOriginIsolated), true);
    assert.equal((await writeThree(opened)).length, 3);
    assert.equal(await trainALittle(opened), 'finished');
    assert.deepEqual([...opened.troubles, ...site.violations], []);
    await opened.page.close();
  });

  test('finds it by an import map', async () => {
    const cdn = await serve(['dist', 'models'], "default-src 'none'", shared);
    const page = await pageOf(`<script type="importmap">
        { "imports": { "adaptive-lm/define": "${cdn.url}adaptive-lm.js", "adaptive-lm/api": "${cdn.url}adaptive-lm-api.js" } }
      </script>
      <script type="module">
        import 'adaptive-lm/define';
        import { AdaptiveLM } from 'adaptive-lm/api';
        const model = await AdaptiveLM.create({ src: '${cdn.url}shakespeare.safetensors' });
        document.body.dataset.written = await model.prompt('ROMEO:', { maxTokens: 3 });
      </script>
      <adaptive-lm src="${cdn.url}shakespeare.safetensors"></adaptive-lm>`);
    const site = await serve(
      [page],
      `default-src ${cdn.url} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob: ${cdn.url}`,
    );
    const opened = await visit(browser, site.url);
    assert.equal((await writeThree(opened)).length, 3);
    await opened.page.waitForFunction(() => document.body.dataset['written']?.length === 3);
    assert.deepEqual([...opened.troubles, ...site.violations], []);
    await opened.page.close();
  });
});
