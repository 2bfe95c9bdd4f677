/** `npm run test:package`: the apps of all bundlers. */
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { createServer } from 'vite';
import { buildApp, bundlers, makeApp, useApp, useElement } from './bundlers.js';
import { pack } from './packed.js';
import { openBrowser } from './visit.js';

describe('an app of', () => {
  let browser: Browser;
  let tarball: string;

  before(async () => {
    browser = await openBrowser();
    tarball = await pack();
  });

  after(() => browser.close());

  for (const bundler of bundlers) {
    test(bundler, async () => useApp(browser, await buildApp(await makeApp(bundler, tarball))));
  }

  test('vite, in development', async () => {
    const app = await makeApp('vite', tarball);
    await cp('models', join(app, 'public'), { recursive: true });
    const server = await createServer({ root: app, logLevel: 'warn', server: { port: 0 } });
    await server.listen();
    const [url = ''] = server.resolvedUrls?.local ?? [];
    try {
      const troubles = await useElement(browser, url);
      assert.deepEqual(
        troubles.filter((text) => !text.startsWith('Lit is in dev mode')),
        [],
      );
    } finally {
      await server.close();
    }
  });
});
