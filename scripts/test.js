/**
 * `npm test [-- PART … FILE …]`: sets everything up, then runs all parts (checks, node, browser) and ends with
 * `N passed, N failed`. Parts can be named to run only these, and test files, by any part of their path: page/keep.
 */
import { readdir } from 'node:fs/promises';
import { build } from './build.js';
import { ensureDependencies } from './dependencies.js';

const parts = ['checks', 'node', 'browser'];
const tests = (await readdir('test', { recursive: true }))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(test|browser)\.ts$/.test(file));
const asked = process.argv.slice(2).filter((name) => parts.includes(name));
const names = process.argv.slice(2).filter((name) => !parts.includes(name));
const unknown = names.find((name) => !tests.some((file) => file.includes(name)));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}, and no test file; parts are ${parts.join(', ')}.`);
  process.exit(2);
}
const wanted = tests.filter((file) => names.length === 0 || names.some((name) => file.includes(name)));
const nodeTests = wanted.filter((file) => file.endsWith('.test.ts'));
const browserTests = wanted.filter((file) => file.endsWith('.browser.ts'));

/** A part is run when it was asked for; where only files were, when they belong to it. */
function isAsked(part) {
  if (asked.length > 0) return asked.includes(part);
  if (names.length === 0) return true;
  return (part === 'node' && nodeTests.length > 0) || (part === 'browser' && browserTests.length > 0);
}

const total = { passed: 0, failed: 0 };

/** Counts a thing that holds or throws. */
async function attempt(name, work) {
  const started = performance.now();
  try {
    await work();
    total.passed++;
    console.log(`✔ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    total.failed++;
    console.error(`✖ ${name}\n${error.message}`);
    return false;
  }
}

ensureDependencies();
const built = await attempt('build and types', () => build());
if (built) {
  await attempt('documentation', async () => {
    const { buildDocs } = await import('./docs/build.js');
    const { faults } = await buildDocs();
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
}
const { runChecks } = await import('./test-checks.js');
const { runNodeTests } = await import('./test-node.js');
const { runBrowserTests } = await import('./test-browser.js');
const runners = {
  checks: () => runChecks(attempt),
  node: () => runNodeTests(nodeTests),
  browser: () => runBrowserTests(browserTests),
};

for (const part of built ? parts : ['checks']) {
  if (!isAsked(part)) continue;
  const started = performance.now();
  try {
    const { passed, failed } = await runners[part]();
    total.passed += passed;
    total.failed += failed;
  } catch (error) {
    total.failed++;
    console.error(`✖ ${part}: ${error.message}`);
  }
  console.log(`${part}: ${Math.round((performance.now() - started) / 1000)} s`);
}

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
