/** What would make the documentation untrue or useless, as lines for people; none when all is well. */
import { existsSync, statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import compatibility from '@mdn/browser-compat-data' with { type: 'json' };
import { Parser } from 'htmlparser2';
import { ReflectionKind } from 'typedoc';

/** Whatever an entry exports has to say what it is, and so have its members, and those of the elements. */
export function findUndocumented(modules, elements) {
  const missing = new Set();
  const look = (reflection, path) => {
    const { comment, signatures, getSignature, children, type, name } = reflection;
    const said = comment ?? signatures?.[0].comment ?? getSignature?.comment;
    if (!said && !speaksForItself(reflection)) missing.add(`${path} has no comment that says what it is`);
    // The members of a constant are its value, those of a table of words are words.
    if (reflection.kindOf(ReflectionKind.Variable) || name === 'AdaptiveStrings') return;
    const parts = [reflection, type?.declaration, ...(type?.types ?? []).map((each) => each.declaration)];
    const members = parts.flatMap((part) => part?.children ?? []);
    if (children && elements.some((element) => element.name === name)) return; // the manifest tells what is public
    for (const member of members) look(member, `${path}.${member.name}`);
  };
  for (const { module } of modules) {
    for (const each of module.children) {
      if (!each.kindOf(ReflectionKind.Reference)) look(each, `${each.sources?.[0].fileName ?? ''} ${each.name}`);
    }
  }
  for (const element of elements) {
    const { name, path, events = [], slots = [], cssParts = [], cssProperties = [] } = element;
    for (const one of [...element.members, ...slots, ...cssParts, ...cssProperties]) {
      if (!one.description) missing.add(`${path} ${name}.${one.name} has no comment that says what it is`);
    }
    if (events.length > 0 && !events.some(({ description }) => description))
      missing.add(`${path} ${name}: no event is described`);
  }
  return [...missing].sort();
}

/** The tag of a union, a constructor, whose class is described, and what the platform prescribes. */
function speaksForItself({ kind, name, type }) {
  return (
    kind === ReflectionKind.Constructor ||
    name.startsWith('[') ||
    ((name === 'type' || name === 'kind' || name === 'name') && type?.type === 'literal')
  );
}

/** Every address in the pages of a folder that leads nowhere within it. */
export async function findBrokenLinks(folder) {
  const pages = new Map();
  for (const file of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.html'))) {
    pages.set(file.replaceAll('\\', '/'), readPage(await readFile(join(folder, file), 'utf8')));
  }
  const broken = [];
  for (const [page, { links }] of pages) {
    for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
      const [path, hash = ''] = link.split('#');
      const target = aimOf(folder, page, decodeURIComponent(path));
      const there = target !== null && (hash === '' || (pages.get(target)?.ids.has(decodeURIComponent(hash)) ?? true));
      if (!there) broken.push(`${page} links to ${link}, which is not there`);
    }
  }
  return broken;
}

/** The file that a path on a page means, or null. */
function aimOf(folder, page, path) {
  const file = path === '' ? page : normalize(join(dirname(page), path)).replaceAll('\\', '/');
  if (!existsSync(join(folder, file))) return null;
  return statSync(join(folder, file)).isDirectory() ? aimOf(folder, join(file, 'x'), 'index.html') : file;
}

function readPage(html) {
  const [ids, links] = [new Set(), []];
  const parser = new Parser({
    onopentag(_, { id, href, src }) {
      if (id !== undefined) ids.add(id);
      for (const link of [href, src]) if (link !== undefined) links.push(link);
    },
  });
  parser.end(html);
  return { ids, links };
}

/** Rows of docs/browsers.md, and what MDN's data call them. */
const features = {
  'WebAssembly SIMD': 'webassembly.fixed-width-SIMD',
  'Workers that are modules': 'api.Worker.Worker.ecmascript_modules',
  'Constructable style sheets': 'api.CSSStyleSheet.CSSStyleSheet',
  ElementInternals: 'api.ElementInternals',
  '`AbortSignal.any`': 'api.AbortSignal.any_static',
  '`light-dark()`': 'css.types.color.light-dark',
  'Relaxed SIMD': 'webassembly.relaxed-SIMD',
  SharedArrayBuffer: 'javascript.builtins.SharedArrayBuffer',
  'Threads in WebAssembly': 'webassembly.threads-and-atomics',
  WebGPU: 'api.GPU',
  'Private files, in a worker': 'api.FileSystemFileHandle.createSyncAccessHandle',
  'Web Locks': 'api.LockManager',
  '`:state()`': 'css.selectors.state',
  'Screen wake lock': 'api.WakeLock',
  '`for await` over a stream': 'api.ReadableStream.@@asyncIterator',
};

/** Versions in the table of browsers that are not those of the data. */
export async function findWrongVersions() {
  const text = await readFile('docs/browsers.md', 'utf8');
  const rows = new Map(tableRows(text).map(([name, ...cells]) => [name, cells.slice(0, 3)]));
  return Object.entries(features).flatMap(([name, path]) => {
    const { support } = path.split('.').reduce((data, key) => data[key], compatibility).__compat;
    const versions = ['chrome', 'firefox', 'safari'].map((browser) => [support[browser]].flat()[0].version_added);
    const said = rows.get(name) ?? [];
    return said.join() === versions.join()
      ? []
      : [`docs/browsers.md says ${said.join(', ')} of ${name}; the data say ${versions.join(', ')}`];
  });
}

function tableRows(text) {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Promises of docs/privacy.md without a test, or with one that is not there by that name. */
export async function findEmptyPromises() {
  const text = await readFile('docs/privacy.md', 'utf8');
  const promises = text.split('## What this cannot promise')[0].split(/^- /m).slice(1);
  const faults = await Promise.all(
    promises.map(async (promise) => {
      const tests = [...promise.matchAll(/\]\(\.\.\/(test\/\S+)\s+'([^']+)'\)/g)];
      const first = promise.split('\n')[0];
      if (tests.length === 0) return [`docs/privacy.md promises “${first}” without a test`];
      const missing = [];
      for (const [, file, name] of tests) {
        if (!existsSync(file) || !(await readFile(file, 'utf8')).includes(name))
          missing.push(`${file} has no test “${name}”`);
      }
      return missing;
    }),
  );
  return faults.flat();
}

/** Codes of errors that docs/troubleshooting.md does not explain, or calls by another name than the platform. */
export async function findUnexplainedErrors() {
  const { errorCodes } = await import('../../build/core/errors.js');
  const { exceptionNames } = await import('../../build/api/exceptions.js');
  const rows = tableRows(await readFile('docs/troubleshooting.md', 'utf8')).map(([code, name]) => `${code} ${name}`);
  return errorCodes
    .filter((code) => !rows.includes(`\`${code}\` \`${exceptionNames[code]}\``))
    .map((code) => `docs/troubleshooting.md has no row for ${code}, ${exceptionNames[code]}`);
}
