/** The reference of the package's entries, a page for each, from the sources' own types and comments. */
import { ReflectionKind } from 'typedoc';
import { elementPages, elementsPage } from './elements.js';
import { escape, highlight } from './html.js';
import { renderMarkdown } from './markdown.js';
import { addressFrom } from './site-map.js';
import { commentText, memberLine, signatureText, typeText } from './type-text.js';

const groups = [
  ['Classes', ReflectionKind.Class],
  ['Functions', ReflectionKind.Function],
  ['Options and results', ReflectionKind.Interface],
  ['Types', ReflectionKind.TypeAlias],
  ['Constants', ReflectionKind.Variable],
];

/** @param elements those that have a page of their own */
export function referencePages(resolver, modules, elements) {
  const elementNames = new Map(elements.map(({ name, tag }) => [name, tag]));
  const book = new Map();
  for (const { entry, module } of modules) {
    for (const each of module.children) {
      if (each.kindOf(ReflectionKind.Reference) || book.has(each.name)) continue;
      const tag = elementNames.get(each.name);
      book.set(each.name, tag ? `${elementsPage}#${tag}` : `${pageOf(entry)}#${each.name.toLowerCase()}`);
    }
  }
  const shown = modules.map(({ entry, module }) => ({
    entry,
    module,
    all: module.children.filter(({ name }) => !elementNames.has(name)),
  }));
  return [
    indexPage(shown, book),
    ...shown.map((one) => entryPage(one, new Writer(book, pageOf(one.entry), resolver))),
    ...elementPages(elements, new Writer(book, elementsPage, resolver)),
  ];
}

function pageOf({ name }) {
  return `reference/${name === 'adaptive-lm' ? 'element' : name.split('/').at(-1)}.html`;
}

function indexPage(modules, book) {
  const page = 'reference/index.html';
  const sections = modules.map(({ entry, all }) => {
    const names = all.map(({ name }) => {
      const target = book.get(name);
      return target
        ? `<a href="${addressFrom(page, target)}"><code>${escape(name)}</code></a>`
        : `<code>${escape(name)}</code>`;
    });
    return `<h2 id="${pageOf(entry).slice(10, -5)}"><a href="${addressFrom(page, pageOf(entry))}"><code>${escape(entry.name)}</code></a></h2>
<p class="names">${names.join(' · ')}</p>`;
  });
  const body = `<h1>API reference</h1>
<p>What each entry of the package exports, from the comments of the sources. The elements themselves have
<a href="elements.html">a reference of their own</a>.</p>
${sections.join('\n')}`;
  return { page, title: 'API reference', body };
}

function entryPage({ entry, module, all }, writer) {
  const body = [`<h1><code>${escape(entry.name)}</code></h1>`, writer.words(module.comment)];
  body.push(
    `<pre tabindex="0" role="group" aria-label="Import"><code>${highlight(importLine(entry, all), 'js')}</code></pre>`,
  );
  const headings = [];
  for (const [title, kind] of groups) {
    const members = all.filter((each) => each.kindOf(kind));
    if (members.length === 0) continue;
    const id = title.toLowerCase().replaceAll(' ', '-');
    headings.push({ id: `group-${id}`, text: title });
    body.push(`<h2 id="group-${id}">${title}</h2>`, ...members.map((each) => writer.declaration(each)));
  }
  const elsewhere = all.filter((each) => each.kindOf(ReflectionKind.Reference));
  if (elsewhere.length > 0) {
    body.push(
      `<h2 id="group-more">Described elsewhere</h2><p class="names">${elsewhere.map(({ name }) => writer.linked(name)).join(' · ')}</p>`,
    );
  }
  return { page: pageOf(entry), title: entry.name, body: body.join('\n'), headings };
}

function importLine({ name }, all) {
  const values = all
    .filter((each) => each.kindOf(ReflectionKind.Class | ReflectionKind.Function | ReflectionKind.Variable))
    .map((each) => each.name);
  return values.length === 0
    ? `import '${name}';`
    : `import { ${values.slice(0, 3).join(', ')}${values.length > 3 ? ', …' : ''} } from '${name}';`;
}

/** Writes declarations on one page. */
class Writer {
  constructor(book, page, resolver) {
    this.book = book;
    this.page = page;
    this.resolver = resolver;
  }

  declaration(one) {
    const id = one.name.toLowerCase();
    const said = this.words(one.comment) + this.source(one);
    const head = `<h3 id="${id}"><a class="header-anchor" href="#${id}"><code>${escape(one.name)}</code></a></h3>`;
    if (one.kindOf(ReflectionKind.TypeAlias))
      return head + this.code(`type ${one.name} = ${typeText(one.type)};`) + said;
    if (one.kindOf(ReflectionKind.Variable))
      return head + this.code(`const ${one.name}: ${typeText(one.type)};`) + said;
    if (one.kindOf(ReflectionKind.Function))
      return head + this.code(`function ${one.name}${signatureText(one.signatures[0])};`) + said;
    return head + said + this.members(one);
  }

  members(one) {
    const items = (one.children ?? []).map((member) => {
      const id = `${one.name}.${member.name}`.toLowerCase().replace(/[^a-z0-9.]/g, '');
      const comment = member.comment ?? member.signatures?.[0].comment ?? member.getSignature?.comment;
      return `<dt id="${id}"><code>${this.types(memberLine(one, member))}</code></dt><dd>${this.words(comment)}</dd>`;
    });
    return items.length === 0 ? '' : `<dl class="members">${items.join('\n')}</dl>`;
  }

  code(text) {
    return `<pre tabindex="0" role="group" aria-label="Type"><code>${this.types(text)}</code></pre>`;
  }

  /** Code, with a link at every name that is described. */
  types(text) {
    return text
      .split(/(\/\*\*[\s\S]*?\*\/|'[^']*'|"[^"]*"|\b[A-Z]\w*\b)/)
      .map((part) =>
        /^\/\*/.test(part)
          ? `<span class="hljs-comment">${escape(part)}</span>`
          : this.book.has(part)
            ? this.linked(part)
            : escape(part),
      )
      .join('');
  }

  linked(name) {
    const target = this.book.get(name);
    return target ? `<a href="${escape(addressFrom(this.page, target))}">${escape(name)}</a>` : escape(name);
  }

  words(comment) {
    if (!comment) return '';
    const throws = comment.blockTags?.filter(({ tag }) => tag === '@throws') ?? [];
    const more = throws.map(({ content }) => `\n\n**Throws** ${content.map(({ text }) => text).join('')}`);
    return renderMarkdown(commentText(comment) + more.join('')).html;
  }

  source({ sources }) {
    const file = sources?.[0]?.fileName;
    if (file === undefined) return '';
    return `<p class="source"><a href="${escape(this.resolver('README.md', this.page)(file.replace(/^adaptive-lm\//, '')))}">${escape(file)}</a></p>`;
  }
}
