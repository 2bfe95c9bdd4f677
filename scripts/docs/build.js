/** The documentation as a folder of pages. Everything is made here; nothing is fetched, and no page needs a script to be read. */
import { existsSync, statSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  findBrokenLinks,
  findEmptyPromises,
  findUndocumented,
  findUnexplainedErrors,
  findWrongVersions,
} from './checks.js';
import { readDeclarations } from './declarations.js';
import { readElements } from './elements.js';
import { examplePages, copyExampleFiles } from './examples.js';
import { drawFigures } from './figures/index.js';
import { layout } from './layout.js';
import { renderMarkdown } from './markdown.js';
import { referencePages } from './reference.js';
import { addressFrom, findPages, linkedFile } from './site-map.js';
import { renderSource, sourcePage } from './sources.js';

export const folder = 'build/site/docs';

/** Sources that have a page of their own: what is said there is made from them. */
const described = new Map([
  ['components/index.ts', 'reference/elements.html'],
  ['api/index.ts', 'reference/index.html'],
]);

/** Files that pages show rather than link to. */
const images = /\.(svg|png)$/;

/** @returns { count, faults }: how many pages there are, and what is wrong with them, as lines for people. */
export async function buildDocs() {
  await rm(folder, { recursive: true, force: true });
  const pages = await findPages();
  const sources = new Set();

  /** Where a link of `file`, which is on `page`, goes in the site. */
  const resolver = (file, page) => (href) => {
    if (/^(https?:|#|mailto:)/.test(href)) return href;
    const [path, hash = ''] = href.split('#');
    const target = linkedFile(file, path).replace(/\/$/, '');
    if (!existsSync(target)) throw new Error(`${file} links to ${href}, which is not there.`);
    const anchor = hash === '' ? '' : `#${hash}`;
    if (images.test(target)) return addressFrom(page, target.slice('docs/'.length));
    const markdown = statSync(target).isDirectory() ? `${target}/README.md` : target;
    const known =
      pages.get(markdown) ??
      described.get(target) ??
      (/^docs\/examples\//.test(target) ? examplePage(target) : undefined);
    if (known !== undefined) return addressFrom(page, known) + anchor;
    sources.add(target);
    return addressFrom(page, sourcePage(target)) + anchor;
  };

  const figures = await drawFigures();
  const made = new Map();
  for (const [file, page] of pages) {
    const { html, title, headings } = renderMarkdown(await readFile(file, 'utf8'), {
      resolve: resolver(file, page),
      figures,
    });
    made.set(page, layout({ page, title, body: html, headings }));
  }
  const modules = await readDeclarations();
  const elements = await readElements(modules);
  const parts = [await examplePages(resolver), referencePages(resolver, modules, elements)];
  for (const { page, ...content } of parts.flat()) made.set(page, layout({ page, ...content }));
  for (const file of sources) made.set(sourcePage(file), await renderSource(file));

  for (const [page, html] of made) {
    await mkdir(dirname(join(folder, page)), { recursive: true });
    await writeFile(join(folder, page), html);
  }
  await copyFile('demo/docs.css', join(folder, 'docs.css'));
  await copyFile('node_modules/temml/dist/Temml-Local.css', join(folder, 'math.css'));
  await copyFile('node_modules/temml/dist/Temml.woff2', join(folder, 'Temml.woff2'));
  await cp('docs/images', join(folder, 'images'), { recursive: true });
  await copyExampleFiles(folder);
  const faults = [
    findUndocumented(modules, elements),
    await findBrokenLinks(dirname(folder)),
    await findWrongVersions(),
    await findEmptyPromises(),
    await findUnexplainedErrors(),
  ];
  return { count: made.size, faults: faults.flat() };
}

function examplePage(file) {
  return file.slice('docs/'.length).replace(/(README)?\.\w+$/, (_, readme) => (readme ? 'index.html' : '.html'));
}
