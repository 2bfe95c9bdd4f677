/** Files of the repository that pages link to, as pages of their own: what is said can be looked up, offline too. */
import { statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { codeBlock, escape } from './html.js';
import { layout } from './layout.js';

/** Its address in the site. */
export function sourcePage(file) {
  return `source/${file}.html`;
}

export async function renderSource(file) {
  const text = statSync(file).isDirectory() ? (await readdir(file)).join('\n') : await readFile(file, 'utf8');
  const body = `<h1 class="path">${escape(file)}</h1>\n${codeBlock(text, extname(file).slice(1), file)}`;
  return layout({ page: sourcePage(file), title: file, body });
}
