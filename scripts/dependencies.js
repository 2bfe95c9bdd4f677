/** Brings node_modules to what package-lock.json says. Uses Node alone: it runs before anything is installed. */
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const oldestNode = 20;
/** Which lock file was installed last. */
const marker = 'node_modules/.adaptive-lm-lock';

export function ensureDependencies() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new Error(`Node ${oldestNode} or later is needed, and this is ${process.versions.node}.`);
  }
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  console.log('Installing dependencies …');
  execSync('npm ci --no-fund --no-audit', { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(marker, lock);
}
