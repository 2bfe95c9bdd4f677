/** Markdown as the repository has it, as HTML: headings with addresses, coloured code, formulas as MathML, links that hold. */
import MarkdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';
import temml from 'temml';
import { codeBlock } from './html.js';

/** The address of a heading, as the hosts of repositories make it: letters, digits, hyphens. */
export function slugify(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Alignment is said by classes; what else it says in style attributes goes. */
export function formula(tex) {
  const options = { displayMode: true, throwOnError: true };
  return `<div class="formula" tabindex="0" role="group" aria-label="Formula">${temml
    .renderToString(tex, options)
    .replace(/ style="[^"]*"/g, '')}</div>\n`;
}

/**
 * @param resolve from a link's address to the address in the site; it may throw
 * @param figures what a line `<!-- NAME -->` stands for, by name
 * @returns { html, title, headings: [{ id, text }] }: the first heading's text, and those of the second level
 */
export function renderMarkdown(source, { resolve = (href) => href, figures = {} } = {}) {
  const markdown = new MarkdownIt({ html: true, typographer: false });
  markdown.use(anchor, { slugify, tabIndex: false, permalink: anchor.permalink.headerLink({ safariReaderFix: true }) });
  const { rules } = markdown.renderer;
  rules.fence = (tokens, index) => {
    const { info, content } = tokens[index];
    const name = info.trim().split(/\s/)[0];
    return name === 'math' ? formula(content) : codeBlock(content, name);
  };
  rules.table_open = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n';
  rules.table_close = () => '</table></div>\n';
  // A corner of a table that says nothing heads nothing.
  rules.th_open = (tokens, index, options, _, self) => {
    if (tokens[index + 1].content === '') tokens[index].tag = tokens[index + 2].tag = 'td';
    return self.renderToken(tokens, index, options);
  };
  rules.html_block = (tokens, index) => {
    const { content } = tokens[index];
    const name = /^<!-- ([a-z0-9-]+) -->\s*$/.exec(content)?.[1];
    if (name === undefined) return content;
    if (figures[name] === undefined) throw new Error(`There is nothing for <!-- ${name} -->.`);
    return figures[name];
  };

  const tokens = markdown.parse(source, {});
  const headings = [];
  let title = '';
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const text = plain(tokens[i + 1]);
      if (token.tag === 'h1') title ||= text;
      if (token.tag === 'h2') headings.push({ id: token.attrGet('id'), text });
    }
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') child.attrSet('href', resolve(child.attrGet('href')));
      if (child.type === 'image') child.attrSet('src', resolve(child.attrGet('src')));
    }
  }
  return { html: markdown.renderer.render(tokens, markdown.options, {}), title, headings };
}

/** Of an inline token, its text without marks. */
function plain({ children }) {
  return children.map(({ type, content }) => (type === 'text' || type === 'code_inline' ? content : '')).join('');
}
