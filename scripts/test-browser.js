/** Runs every *.browser.js of build/test in a real Chromium through web-test-runner. */
import { readdir } from 'node:fs/promises';
import { chromeLauncher } from '@web/test-runner-chrome';
import { defaultReporter, startTestRunner } from '@web/test-runner';
import { browserFlags, findBrowser, webgpuFlags } from './browser.js';
import { bundleEntry } from './bundle.js';

export async function runBrowserTests() {
  const sources = (await readdir('test', { recursive: true })).filter((file) => file.endsWith('.browser.ts'));
  const files = sources.map((file) => `build/test/${file.replace(/\.ts$/, '.js').replaceAll('\\', '/')}`);
  if (files.length === 0) throw new Error('There are no browser tests.');
  await bundlePlot();
  const args = [...browserFlags, ...webgpuFlags];
  const runner = await startTestRunner({
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
    config: {
      files,
      rootDir: process.cwd(),
      nodeResolve: { exportConditions: ['default'] },
      concurrency: 1,
      testFramework: { config: { timeout: 30_000 } },
      testsFinishTimeout: 300_000,
      reporters: [defaultReporter({ reportTestProgress: false, reportTestResults: true })],
      browsers: [chromeLauncher({ launchOptions: { executablePath: findBrowser(), args } })],
      middleware: [isolate],
      plugins: [plot],
    },
  });
  const sessions = await new Promise((resolve) => {
    runner.on('finished', () => resolve([...runner.sessions.all()]));
  });
  await runner.stop();
  return sessions.reduce(add, { passed: 0, failed: 0 });
}

const plotFolder = 'build/packages';

/** Plot has parts that are no ES modules, which a browser cannot load file by file. */
export async function bundlePlot() {
  await bundleEntry({ plot: 'node_modules/@observablehq/plot/src/index.js' }, plotFolder);
}

export const plot = {
  name: 'plot',
  resolveImport: ({ source }) => (source === '@observablehq/plot' ? `/${plotFolder}/plot.js` : undefined),
};

/** As `npm start` serves. */
async function isolate(context, next) {
  context.set('Cross-Origin-Opener-Policy', 'same-origin');
  context.set('Cross-Origin-Embedder-Policy', 'require-corp');
  await next();
}

/** A file that did not load counts as one failure. */
function add(total, { testResults, errors = [], testFile }) {
  const tests = testResults ? flatten(testResults) : [];
  const skipped = tests.filter((test) => test.skipped);
  const failed = tests.filter((test) => !test.passed && !test.skipped).length;
  const broken = errors.length > 0 || tests.length === 0 ? 1 : 0;
  if (skipped.length > 0) console.error(`${testFile}: ${skipped.length} tests were skipped; none may be.`);
  return {
    passed: total.passed + tests.filter((test) => test.passed).length,
    failed: total.failed + failed + skipped.length + broken,
  };
}

function flatten({ tests, suites }) {
  return [...tests, ...suites.flatMap(flatten)];
}
