/** Which pages there are, in which order they are read, and which file is which page. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';

/** The pages of the navigation. `file` is Markdown of the repository; a page without one is made by a part of its own. */
export const chapters = [
  {
    title: 'Start',
    pages: [
      { page: 'index.html', title: 'Documentation', file: 'docs/README.md' },
      { page: 'install.html', title: 'Installation', file: 'docs/install.md' },
      { page: 'examples/index.html', title: 'Examples' },
      { page: 'how-it-works.html', title: 'How it works', file: 'docs/how-it-works.md' },
    ],
  },
  {
    title: 'Use',
    pages: [
      { page: 'reference/elements.html', title: 'Elements' },
      { page: 'api.html', title: 'The class AdaptiveLM', file: 'docs/api.md' },
      { page: 'reference/api.html', title: 'API reference' },
      { page: 'corpora.html', title: 'Texts to learn from', file: 'docs/corpora.md' },
      { page: 'complete.html', title: 'Completing a field', file: 'docs/complete.md' },
      { page: 'strings.html', title: 'Words and languages', file: 'docs/strings.md' },
      { page: 'onnx.html', title: 'ONNX', file: 'docs/onnx.md' },
      { page: 'pytorch.html', title: 'PyTorch', file: 'docs/pytorch.md' },
    ],
  },
  {
    title: 'Rely on',
    pages: [
      { page: 'browsers.html', title: 'Browsers', file: 'docs/browsers.md' },
      { page: 'privacy.html', title: 'Privacy', file: 'docs/privacy.md' },
      { page: 'troubleshooting.html', title: 'Troubleshooting', file: 'docs/troubleshooting.md' },
      { page: 'benchmarks.html', title: 'Benchmarks', file: 'docs/benchmarks.md' },
      { page: 'changelog.html', title: 'Changelog', file: 'CHANGELOG.md' },
    ],
  },
  {
    title: 'Understand',
    pages: [
      { page: 'architecture.html', title: 'Architecture', file: 'docs/architecture.md' },
      { page: 'math/index.html', title: 'Mathematics', file: 'docs/math/README.md' },
      { page: 'experiments.html', title: 'Experiments', file: 'docs/experiments.md' },
      { page: 'decisions/index.html', title: 'Decisions', file: 'docs/decisions/README.md' },
    ],
  },
];

/** Of every Markdown file that is a page, its address: those of docs/ where they lie, and a few from elsewhere. */
export async function findPages() {
  const pages = new Map([
    ['CHANGELOG.md', 'changelog.html'],
    ['models/README.md', 'models.html'],
  ]);
  for (const file of await readdir('docs', { recursive: true })) {
    const path = posix.join('docs', file.replaceAll('\\', '/'));
    if (!path.endsWith('.md') || path.startsWith('docs/examples/')) continue;
    const page = path
      .slice('docs/'.length)
      .replace(/README\.md$/, 'index.md')
      .replace(/\.md$/, '.html');
    pages.set(path, page);
  }
  return pages;
}

/** The navigation without the pages whose file is not there. */
export function presentChapters() {
  return chapters.map(({ title, pages }) => ({
    title,
    pages: pages.filter(({ file }) => file === undefined || existsSync(file)),
  }));
}

/** From one page to another, as a relative address. */
export function addressFrom(page, target) {
  const path = relative(dirname(page), target).replaceAll('\\', '/');
  return path === '' ? posix.basename(target) : path;
}

/** The file of the repository that a link of another one means. */
export function linkedFile(file, href) {
  return join(dirname(file), decodeURIComponent(href)).replaceAll('\\', '/');
}
