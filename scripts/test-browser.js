/**
 * Runs every *.browser.js of build/test in a real Chromium through web-test-runner.
 *
 * There are two lanes, each with a Chromium of its own: what runs at once shares no storage, no channel and no focus. Within
 * a lane file follows file.
 */
import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { chromeLauncher } from '@web/test-runner-chrome';
import { defaultReporter, startTestRunner } from '@web/test-runner';
import { browserFlags, findBrowser, webgpuFlags } from './browser.js';
import { bundleEntry } from './bundle.js';
import { emulation } from './emulation.js';
import { mainThread } from './main-thread.js';

/** ms that nothing takes unless it hangs, also where many share few processors. */
const patience = 300_000;

/** Files of the second lane; that they take about as long as the rest matters, not which they are. */
const second = /^gpu\/(ops|products|programs|training|writing)/;

/** Seconds of each file. */
const record = 'build/browser-tests.json';

/** @param sources in test/ */
export async function runBrowserTests(sources) {
  if (sources.length === 0) throw new Error('There are no browser tests.');
  await bundlePlot();
  const lanes = [sources.filter((file) => !second.test(file)), sources.filter((file) => second.test(file))];
  const groups = lanes.filter((lane) => lane.length > 0).map(makeGroup);
  const runner = await startTestRunner({
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
    config: {
      groups,
      rootDir: process.cwd(),
      nodeResolve: { exportConditions: ['default'] },
      concurrentBrowsers: groups.length,
      concurrency: 1,
      testFramework: { config: { timeout: patience } },
      browserStartTimeout: patience,
      testsStartTimeout: patience,
      testsFinishTimeout: 2 * patience,
      reporters: [defaultReporter({ reportTestProgress: false, reportTestResults: true })],
      middleware: [isolate],
      plugins: [plot, mainThread, emulation],
    },
  });
  const seconds = timeSessions(runner.sessions);
  const sessions = await new Promise((resolve) => {
    runner.on('finished', () => resolve([...runner.sessions.all()]));
  });
  await runner.stop();
  await writeFile(record, `${JSON.stringify(seconds, null, 2)}\n`);
  return sessions.reduce(add, { passed: 0, failed: 0 });
}

/** A lane as web-test-runner has it. */
function makeGroup(lane, index) {
  const launchOptions = {
    executablePath: findBrowser(),
    args: [...browserFlags, ...webgpuFlags],
    timeout: patience,
    protocolTimeout: patience,
  };
  const createPage = async ({ context }) => {
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    return page;
  };
  return {
    name: `lane ${index + 1}`,
    files: lane.map((file) => `build/test/${file.replace(/\.ts$/, '.js')}`),
    browsers: [chromeLauncher({ launchOptions, createPage })],
  };
}

/** Tells of each file when it has ended, and returns how long each took, from the opening of its page to its end. */
function timeSessions(sessions) {
  const begun = new Map(); // but for the first of each lane, which is under way
  const start = performance.now();
  const seconds = {};
  sessions.on('session-status-updated', (session) => {
    const { id, status, testFile } = session;
    if (status === 'INITIALIZING') begun.set(id, performance.now());
    if (status !== 'FINISHED') return;
    const file = relative('build/test', testFile);
    seconds[file] = Number(((performance.now() - (begun.get(id) ?? start)) / 1000).toFixed(1));
    const { passed, failed } = add({ passed: 0, failed: 0 }, session);
    console.log(`${failed > 0 ? '✖' : '✔'} ${file}: ${passed} passed, ${failed} failed (${seconds[file]} s)`);
  });
  return seconds;
}

const plotFolder = 'build/packages';

/** Plot has parts that are no ES modules, which a browser cannot load file by file. */
async function bundlePlot() {
  await bundleEntry({ plot: 'node_modules/@observablehq/plot/src/index.js' }, plotFolder);
}

const plot = {
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
