/**
 * `npm test [-- PART …]`: sets everything up, then runs all parts (checks, node, browser) and ends with
 * `N passed, N failed`. Parts can be named to run only these.
 */
import { build } from './build.js';
import { ensureDependencies } from './dependencies.js';

const parts = ['checks', 'node', 'browser'];
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !parts.includes(name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; there are ${parts.join(', ')}.`);
  process.exit(2);
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
const runners = { checks: () => runChecks(attempt), node: runNodeTests, browser: runBrowserTests };

for (const part of built ? parts : ['checks']) {
  if (asked.length > 0 && !asked.includes(part)) continue;
  try {
    const { passed, failed } = await runners[part]();
    total.passed += passed;
    total.failed += failed;
  } catch (error) {
    total.failed++;
    console.error(`✖ ${part}: ${error.message}`);
  }
}

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
