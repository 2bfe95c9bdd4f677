/** The package as npm would publish it, and as a stranger's app has it installed. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import * as v from 'valibot';

const entry = v.union([v.string(), v.object({ types: v.string(), default: v.string() })]);

export const packageFolder = 'node_modules/adaptive-lm';

/** What of package.json the tests look at. */
const manifestSchema = v.object({
  exports: v.record(v.string(), entry),
  dependencies: v.record(v.string(), v.string()),
  peerDependencies: v.record(v.string(), v.string()),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Packs what was built, in a new temporary folder. @returns the tarball's path. */
export async function pack(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-package-'));
  const printed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { encoding: 'utf8' });
  return join(folder, printed.trim());
}

/**
 * Installs the tarball into `app` as npm does, from what is here: nothing but the package, what it depends on, and
 * `others`. What it forgets to depend on is missing.
 */
export async function install(tarball: string, app: string, others: readonly string[] = []): Promise<void> {
  const modules = join(app, 'node_modules');
  await mkdir(modules, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', modules]);
  await rename(join(modules, 'package'), join(modules, 'adaptive-lm'));
  const { dependencies } = await manifest(app);
  for (const name of [...Object.keys(dependencies), ...others]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(resolve('node_modules', name), join(modules, name));
  }
}

export async function manifest(app: string): Promise<Manifest> {
  return v.parse(manifestSchema, JSON.parse(await readFile(join(app, packageFolder, 'package.json'), 'utf8')));
}

/** Every file of the installed package, 'dist/define.js'. */
export async function packedFiles(app: string): Promise<readonly string[]> {
  const found = await readdir(join(app, packageFolder), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(app, packageFolder), join(entry.parentPath, entry.name)));
}
