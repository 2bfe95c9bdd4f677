/** What npm would publish: the files, the entries, their types. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import ts from 'typescript';
import { install, manifest, pack, packageFolder, packedFiles, type Manifest } from './packed.js';

/** Most bytes, unpacked. */
const sizeLimit = 5_000_000;

/** What may be in it. */
const expected = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/[a-z-]+\.js$/,
  /^dist\/(custom-elements|web-types|vscode\.html-custom-data)\.json$/,
  /^dist\/(worker|node)\/[a-z-]+\.js$/,
  /^dist\/worker\/[a-z-]+\.wasm$/,
  /^dist\/types\/.*\.d\.ts$/,
  /^models\/[a-z-]+\.safetensors$/,
];

/** What is started as a worker instead of being imported. */
const scripts = /worker\.js$/;

describe('the package', () => {
  let tarball: string;
  let app: string;
  let files: readonly string[];
  let described: Manifest;

  before(async () => {
    tarball = await pack();
    app = await mkdtemp(join(tmpdir(), 'adaptive-lm-app-'));
    await install(tarball, app);
    files = await packedFiles(app);
    described = await manifest(app);
  });

  const read = (file: string): Promise<string> => readFile(join(app, packageFolder, file), 'utf8');
  const targets = (): readonly string[] =>
    Object.values(described.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
  const entries = (): readonly string[] =>
    Object.entries(described.exports)
      .filter(([name, target]) => typeof target !== 'string' && !scripts.test(name))
      .map(([name]) => name.replace(/^\./, 'adaptive-lm'));

  test('has what it should have and nothing else', () => {
    assert.deepEqual(
      files.filter((file) => !expected.some((pattern) => pattern.test(file))),
      [],
    );
    for (const pattern of expected)
      assert.ok(
        files.some((file) => pattern.test(file)),
        String(pattern),
      );
  });

  test('is small', async () => {
    const sizes = await Promise.all(files.map((file) => stat(join(app, packageFolder, file))));
    const size = sizes.reduce((sum, { size: bytes }) => sum + bytes, 0);
    assert.ok(size <= sizeLimit, `${size} bytes`);
  });

  test('has every file that its entries name', () => {
    for (const target of targets()) {
      const pattern = new RegExp(`^${target.replace('./', '').replaceAll('.', '\\.').replace('*', '[^/]+')}$`);
      assert.ok(
        files.some((file) => pattern.test(file)),
        target,
      );
    }
  });

  test('depends on what it imports, and on nothing else', async () => {
    const imported = new Set<string>();
    for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
      for (const { fileName } of ts.preProcessFile(await read(file), true, true).importedFiles) {
        if (fileName.startsWith('.')) assert.ok(files.includes(resolved(file, fileName)), `${file}: ${fileName}`);
        else imported.add(packageName(fileName));
      }
    }
    const declared = [...Object.keys(described.dependencies), ...Object.keys(described.peerDependencies)];
    assert.deepEqual([...imported].filter((name) => !isBuiltin(name)).sort(), declared.sort());
  });

  test('can be imported in Node, where there is no HTMLElement', async () => {
    assert.ok(entries().length >= 6, entries().join());
    // The laboratory's figures are drawn by a package that it leaves to the app.
    const withPlot = await mkdtemp(join(tmpdir(), 'adaptive-lm-app-'));
    await install(tarball, withPlot, ['@observablehq/plot']);
    await Promise.all(
      entries().map(async (entry) => {
        const code = `if ('HTMLElement' in globalThis) throw new Error('not a bare Node');
          const found = await import('${entry}'); process.stdout.write(Object.keys(found).join());`;
        const cwd = entry.endsWith('/lab') ? withPlot : app;
        const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
          cwd,
        });
        assert.notEqual(stdout, '', entry);
        assert.equal(stderr, '', entry);
      }),
    );
  });

  test('has types that are right wherever modules are understood', async () => {
    const found = await checkPackage(createPackageFromTarballData(await readFile(tarball)));
    assert.ok(found.types !== false, 'it has types');
    // Old resolution knows no entries, and CommonJS imports no modules: there is nothing to find there.
    const old = ['node10', 'node16-cjs'];
    const problems = found.problems.filter(
      (problem) => !('resolutionKind' in problem && old.includes(problem.resolutionKind)),
    );
    assert.deepEqual(problems, []);
  });

  test('is as publint wants it', async () => {
    const { buffer, byteOffset, byteLength } = await readFile(tarball);
    const { messages } = await publint({
      pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
      strict: true,
    });
    assert.deepEqual(messages, []);
  });
});

/** The package of 'lit/decorators.js'. */
function packageName(specifier: string): string {
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

/** What './x.js' is in a file of the package; beside a declaration it is x.d.ts. */
function resolved(from: string, target: string): string {
  const file = normalize(join(dirname(from), target));
  return from.endsWith('.d.ts') ? file.replace(/\.js$/, '.d.ts') : file;
}
