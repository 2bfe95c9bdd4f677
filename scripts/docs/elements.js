/** The reference of the elements, from the manifest that the package brings: custom-elements.json. */
import { readFile } from 'node:fs/promises';
import { escape } from './html.js';
import { renderMarkdown } from './markdown.js';
import { memberLine } from './type-text.js';

export const elementsPage = 'reference/elements.html';

/**
 * [{ name, tag, members, … }] of the elements that pages use, as the package’s manifest has them.
 * @param modules what TypeDoc read: what it leaves out of a class is internal, or Lit's
 */
export async function readElements(modules) {
  const classes = new Map(modules.flatMap(({ module }) => module.children.map((each) => [each.name, each])));
  const manifest = JSON.parse(await readFile('dist/custom-elements.json', 'utf8'));
  return manifest.modules
    .flatMap(({ path, declarations = [] }) => declarations.map((declaration) => ({ ...declaration, path })))
    .map((element) => {
      const declared = classes.get(element.name);
      const isDeclared = ({ name }) => declared.children.some((child) => child.name === name && !child.flags.isStatic);
      const members = (element.members ?? []).filter(isDeclared);
      return { ...element, members, declared, tag: element.tagName };
    })
    .sort((a, b) => place(a) - place(b));
}

/** In the order of the page; others come after. */
const order = ['adaptive-lm', 'adaptive-trainer', 'adaptive-complete', 'adaptive-stored'];

function place({ tag }) {
  return order.includes(tag) ? order.indexOf(tag) : order.length;
}

/** @param writer of the page, for types and their links */
export function elementPages(elements, writer) {
  const body = `<h1>Elements</h1>
<p>Every element is registered by an entry of its own and can be used from HTML alone; what has no attribute is for scripts.</p>
${elements.map((element) => section(element, writer)).join('\n')}`;
  const headings = elements.map(({ tag }) => ({ id: tag, text: `<${tag}>` }));
  return [{ page: elementsPage, title: 'Elements', body, headings }];
}

function section(element, writer) {
  const {
    tag,
    declared,
    members,
    description = '',
    events = [],
    slots = [],
    cssParts = [],
    cssProperties = [],
    cssStates = [],
  } = element;
  const list = (title, items) => {
    const entries = items.map(
      ({ code, says }) => `<dt><code>${code}</code></dt><dd>${renderMarkdown(says ?? '').html}</dd>`,
    );
    return items.length === 0 ? '' : `<h3>${title}</h3>\n<dl class="members">${entries.join('\n')}</dl>`;
  };
  const plain = (items, text) =>
    items.filter(({ name }) => name).map((item) => ({ code: escape(text(item)), says: item.description }));
  const typed = (member) => {
    const found = declared.children.find(({ name }) => name === member.name);
    return { code: attributeNote(member) + writer.types(memberLine(declared, found)), says: member.description };
  };
  const named = (kind, attribute) =>
    members.filter((member) => member.kind === kind && (member.attribute !== undefined) === attribute).map(typed);
  return [
    `<h2 id="${tag}"><a class="header-anchor" href="#${tag}"><code>&lt;${tag}&gt;</code></a></h2>`,
    renderMarkdown(description).html,
    list('Attributes', named('field', true)),
    list('Properties', named('field', false)),
    list('Methods', named('method', false)),
    list(
      'Events',
      events
        .filter(({ name, description: says }) => name && says)
        .map(({ name, type, description: says }) => ({
          code: writer.types(`${name}: ${type?.text ?? 'Event'}`),
          says,
        })),
    ),
    list(
      'Slots',
      plain(slots, ({ name }) => `slot="${name}"`),
    ),
    list(
      'Parts',
      plain(cssParts, ({ name }) => `::part(${name})`),
    ),
    list(
      'Custom properties',
      plain(cssProperties, ({ name }) => name),
    ),
    list(
      'States',
      plain(cssStates, ({ name }) => `:state(${name})`),
    ),
  ].join('\n');
}

/** Of an attribute with another name than its property. */
function attributeNote({ attribute, name }) {
  if (attribute === undefined || attribute === name) return '';
  return `<span class="hljs-attr">${escape(attribute)}</span>, in scripts `;
}
