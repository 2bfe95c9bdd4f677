/** What the package's entries export, read from the sources by TypeDoc. */
import { readFile } from 'node:fs/promises';
import { Application, ReflectionKind } from 'typedoc';

/** The entries of package.json that are for importing from, each by its first name, with the source that it is made from. */
export async function findEntries() {
  const { name, exports } = JSON.parse(await readFile('package.json', 'utf8'));
  return Object.entries(exports)
    .map(([path, { types }]) => ({
      name: path.replace(/^\./, name),
      file: types?.replace('./dist/types/', '').replace(/\.d\.ts$/, '.ts'),
    }))
    .filter(({ name: entry, file }) => file !== undefined && !entry.endsWith('.js')) // scripts of workers export nothing
    .map(({ name: entry, file }) => ({ name: entry, file: file.replace(/define\.ts$/, 'index.ts') }))
    .filter(({ file }, i, all) => all.findIndex((other) => other.file === file) === i);
}

/**
 * @returns [{ entry: { name, file }, module }]. Members that are there for Lit, not for those who use an element, are left out.
 */
export async function readDeclarations() {
  const entries = await findEntries();
  const application = await Application.bootstrap({
    entryPoints: entries.map(({ file }) => file),
    tsconfig: 'scripts/docs/tsconfig.json',
    basePath: '.',
    sort: ['source-order'],
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    disableGit: true,
    sourceLinkTemplate: '{path}',
    skipErrorChecking: true,
    readme: 'none',
    logLevel: 'Error',
    blockTags: ['@event', '@slot', '@csspart', '@cssproperty', '@cssstate', '@param', '@returns', '@throws', '@tag'],
  });
  const project = await application.convert();
  if (!project) throw new Error('TypeDoc could not read the sources.');
  removeLit(project);
  const byName = new Map(project.children.map((module) => [module.name, module]));
  return entries.map((entry) => ({ entry, module: byName.get(entry.file.replace(/(\/index)?\.ts$/, '')) }));
}

/** What overrides a method of LitElement is called by Lit alone. */
function removeLit(project) {
  for (const reflection of project.getReflectionsByKind(ReflectionKind.Method | ReflectionKind.Property)) {
    const { overwrites, name } = reflection;
    if (overwrites && !overwrites.reflection && /^LitElement\./.test(overwrites.name))
      project.removeReflection(reflection);
    else if (name === 'styles' && reflection.flags.isStatic) project.removeReflection(reflection);
  }
}
