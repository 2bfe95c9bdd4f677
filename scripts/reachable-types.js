/** The declarations that a package's entries reach: what is inside the workers has no types for anybody else. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * @param entries compiled modules, 'build/components/index.js'
 * @returns the paths of their .d.ts files and of all that these import.
 */
export async function reachableTypes(entries) {
  const found = new Set();
  const visit = async (file) => {
    if (found.has(file)) return;
    found.add(file);
    const { importedFiles } = ts.preProcessFile(await readFile(file, 'utf8'));
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) await visit(declaration(join(dirname(file), fileName)));
    }
  };
  for (const entry of entries) await visit(declaration(entry));
  return [...found];
}

function declaration(file) {
  return file.replace(/\.js$/, '.d.ts');
}
