/**
 * Writes gpu/generated/shaders.ts from gpu/kernels: the text of every kernel file and snippet, without comments, line
 * for line, so that a shader error names the line of its file. A kernel file says `// requires NAME …` in its head.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = 'gpu/kernels';

async function readShaders(from) {
  const files = (await readdir(from)).filter((file) => file.endsWith('.wgsl')).sort();
  const entries = files.map(async (file) => [file.replace('.wgsl', ''), await readFile(join(from, file), 'utf8')]);
  return Object.fromEntries(await Promise.all(entries));
}

/** WGSL has no texts, so `//` always begins a comment. */
function strip(source) {
  return source.replaceAll(/ *\/\/.*$/gm, '').replaceAll(/^ +/gm, '');
}

export async function generateShaders() {
  const snippets = await readShaders(join(folder, 'common'));
  const required = (source) => /^\/\/ requires (.+)$/m.exec(source)?.[1]?.split(' ') ?? [];
  const readKernels = async (from) => {
    const kernels = await readShaders(from);
    for (const [name, source] of Object.entries(kernels)) {
      const missing = required(source).find((snippet) => !(snippet in snippets));
      if (missing) throw new Error(`${from}/${name}.wgsl requires ${missing}, which is not in gpu/kernels/common.`);
    }
    return Object.fromEntries(
      Object.entries(kernels).map(([name, source]) => [name, { requires: required(source), source: strip(source) }]),
    );
  };
  const files = await readKernels(folder);
  const quads = await readKernels(join(folder, 'quads'));
  const text = (entries) => JSON.stringify(entries, null, 2);
  const stripped = Object.fromEntries(Object.entries(snippets).map(([name, source]) => [name, strip(source)]));
  await mkdir('gpu/generated', { recursive: true });
  await writeFile(
    'gpu/generated/shaders.ts',
    `// Generated from gpu/kernels by scripts/generate-shaders.js.

export interface KernelFile {
  readonly requires: readonly string[];
  readonly source: string;
}

export const snippets: Readonly<Record<string, string>> = ${text(stripped)};

export const kernelFiles: Readonly<Record<string, KernelFile>> = ${text(files)};

/** What kernel files of the same name have besides, for adapters that run on a CPU. */
export const quadFiles: Readonly<Record<string, KernelFile>> = ${text(quads)};
`,
  );
}

if (process.argv[1] === import.meta.filename) await generateShaders();
