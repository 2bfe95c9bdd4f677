/** The numbered examples: what a page shows as its code is what it runs, since both are one file. */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { codeBlock, escape } from './html.js';
import { renderMarkdown } from './markdown.js';

const source = 'docs/examples';

/** [{ name: '01-three-lines', number: 1, title, files }] in their order. */
export async function findExamples() {
  const names = await readdir(source);
  const texts = names.filter((name) => /^\d\d-.*\.md$/.test(name)).sort();
  return Promise.all(
    texts.map(async (file) => {
      const name = basename(file, '.md');
      const [, title] = /^# (.*)$/m.exec(await readFile(join(source, file), 'utf8'));
      const files = ['html', 'js'].map((kind) => `${name}.${kind}`).filter((each) => existsSync(join(source, each)));
      return { name, number: Number(name.slice(0, 2)), title, files };
    }),
  );
}

export async function examplePages(resolver) {
  const examples = await findExamples();
  const index = `${source}/README.md`;
  const { html, title } = renderMarkdown(await readFile(index, 'utf8'), {
    resolve: resolver(index, 'examples/index.html'),
  });
  const pages = await Promise.all(
    examples.map((example, i) => examplePage(example, examples[i - 1], examples[i + 1], resolver)),
  );
  return [{ page: 'examples/index.html', title, body: html }, ...pages];
}

async function examplePage({ name, number, title, files }, previous, next, resolver) {
  const file = `${source}/${name}.md`;
  const page = `examples/${name}.html`;
  const [text, notes] = (await readFile(file, 'utf8')).split(/^(?=## )/m);
  const render = (part) => renderMarkdown(part, { resolve: resolver(file, page) }).html;
  const codes = await Promise.all(
    files.map(async (each) => {
      const code = await readFile(join(source, each), 'utf8');
      return `<h3 class="file">${escape(label(each))}</h3>\n${codeBlock(code, extname(each).slice(1), each)}`;
    }),
  );
  const fragment = files.includes(`${name}.html`) ? await readFile(join(source, `${name}.html`), 'utf8') : null;
  const body = [
    render(text.replace(/^# .*$/m, `# ${number}. ${title}`)),
    fragment === null ? '' : `<div class="stage">\n${fragment}</div>`,
    '<h2 id="code">The code of this example</h2>',
    ...codes,
    render(notes),
    neighbours(previous, next),
  ];
  return { page, title: `${title} – example ${number}`, body: body.join('\n') };
}

function label(file) {
  return file.endsWith('.html') ? 'In the body of the page' : file;
}

function neighbours(previous, next) {
  const link = (example, arrow) =>
    example
      ? `<a href="${example.name}.html">${arrow(`${example.number}. ${escape(example.title)}`)}</a>`
      : '<span></span>';
  return `<p class="neighbours">${link(previous, (text) => `← ${text}`)}${link(next, (text) => `${text} →`)}</p>`;
}

/** Puts beside the pages what they load: their own scripts, the package as it ships, the model. */
export async function copyExampleFiles(folder) {
  const to = join(folder, 'examples');
  await mkdir(to, { recursive: true });
  for (const { files } of await findExamples()) {
    for (const file of files.filter((each) => each.endsWith('.js'))) await copyFile(join(source, file), join(to, file));
  }
  const shipped = /^dist([\\/]|$)(adaptive-[\w-]+\.js|worker([\\/].+\.(js|wasm))?)?$/;
  await cp('dist', join(to, 'adaptive-lm'), { recursive: true, filter: (path) => shipped.test(path) });
  await copyFile('models/shakespeare.safetensors', join(to, 'shakespeare.safetensors'));
}
