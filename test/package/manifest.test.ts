/** custom-elements.json and what editors read say of every element all that its code has, with a description. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import * as v from 'valibot';
import * as complete from '../../components/complete/index.js';
import * as lm from '../../components/index.js';
import * as lab from '../../components/lab/index.js';
import * as stored from '../../components/stored/index.js';
import * as trainer from '../../components/trainer/index.js';
import { allSources, classSources, publicMembers, reachable } from './sources.js';

const described = v.object({ name: v.string(), description: v.optional(v.string(), '') });
const elementSchema = v.object({
  name: v.string(),
  tagName: v.string(),
  description: v.string(),
  attributes: v.optional(v.array(v.object({ ...described.entries, type: v.object({ text: v.string() }) })), []),
  members: v.optional(v.array(described), []),
  events: v.optional(v.array(v.object({ ...described.entries, type: v.object({ text: v.string() }) })), []),
  slots: v.optional(v.array(described), []),
  cssParts: v.optional(v.array(described), []),
  cssProperties: v.optional(v.array(described), []),
});
const manifestSchema = v.object({ modules: v.array(v.object({ declarations: v.array(elementSchema) })) });

/** As the browser sees it. */
interface ElementClass {
  readonly name: string;
  readonly observedAttributes: readonly string[];
  /** A form's field: the platform sees to `disabled`. */
  readonly formAssociated?: boolean;
}

/** Public are the elements whose classes an entry exports. */
const entries = [lm, complete, lab, stored, trainer];
const publicElements = entries.flatMap((entry) =>
  Object.entries<ElementClass>(entry.elements)
    .filter(([, made]) => Object.values<unknown>(entry).includes(made))
    .map(([tag, made]) => ({ tag, made })),
);

const names = (things: readonly { readonly name: string }[]): readonly string[] =>
  things.map(({ name }) => name).sort();
const sorted = (found: Iterable<string>): readonly string[] => [...new Set(found)].sort();
const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map((it) => it[1] ?? '');

describe('the description of', () => {
  let elements: readonly v.InferOutput<typeof elementSchema>[];

  before(async () => {
    const manifest = v.parse(manifestSchema, JSON.parse(await readFile('dist/custom-elements.json', 'utf8')));
    elements = manifest.modules.flatMap(({ declarations }) => declarations);
  });

  test('every public element is there', () => {
    assert.ok(publicElements.length >= 6);
    assert.deepEqual(sorted(elements.map(({ tagName }) => tagName)), sorted(publicElements.map(({ tag }) => tag)));
  });

  for (const { tag, made } of publicElements) {
    test(`<${tag}> says all that its code has`, async () => {
      const element = elements.find(({ tagName }) => tagName === tag);
      assert.ok(element);
      const { attributes, members, events, slots, cssParts, cssProperties } = element;
      const things = [element, ...attributes, ...members, ...events, ...slots, ...cssParts, ...cssProperties];
      assert.deepEqual(names(things.filter(({ description }) => description === '')), [], 'without a description');
      assert.deepEqual(
        names(attributes),
        sorted([...made.observedAttributes, ...(made.formAssociated ? ['disabled'] : [])]),
        'attributes',
      );

      const own = await classSources(made.name);
      assert.deepEqual(names(element.members), sorted(own.flatMap(publicMembers)), 'members');
      const templates = own.map(({ text }) => text).join('\n');
      assert.deepEqual(names(element.slots), sorted(matches(templates, /<slot name="([a-z-]+)"/g)), 'slots');
      const parts = matches(templates, /(?:export)?parts?="([a-z, -]+)"/g).flatMap((list) => list.split(/,\s*/));
      const all = (await reachable(own)).map(({ text }) => text).join('\n');
      // The ghost layer makes its nodes by hand.
      const byHand = matches(all, /\.setAttribute\('part', '([a-z-]+)'\)|\.part = '([a-z-]+)'/g);
      assert.deepEqual(names(element.cssParts), sorted([...parts, ...byHand]), 'parts');
      const everywhere = await allSources();
      for (const part of names(element.cssParts)) {
        const found = new RegExp(`part(="[^"]*\\b${part}\\b|', '${part}'| = '${part}')`).test(everywhere);
        assert.ok(found, `nothing has the part ${part}`);
      }

      const used = matches(all, /var\(\s*(--(?:adaptive|activation)-[a-z-]+)/g);
      assert.deepEqual(names(element.cssProperties), sorted(used), 'custom properties');

      const types = new Map(
        [...all.matchAll(/class (\w+Event) extends [^{]*{(?:(?!class )[^])*?super\(\s*'([a-z-]+)'/g)].map((it) => [
          it[1] ?? '',
          it[2] ?? '',
        ]),
      );
      const sent = matches(all, /\.dispatchEvent\(\s*new (\w+Event)\(/g).filter((name) => types.has(name));
      assert.deepEqual(names(element.events), sorted(sent.map((name) => types.get(name) ?? '')), 'events');
      for (const { name, type } of element.events) assert.equal(types.get(type.text), name);
    });
  }

  test('editors are told the same', async () => {
    const html = await readFile('dist/vscode.html-custom-data.json', 'utf8');
    const web = await readFile('dist/web-types.json', 'utf8');
    for (const { tagName, attributes, events, slots, cssParts, cssProperties } of elements) {
      for (const { name } of [{ name: tagName }, ...attributes]) assert.ok(html.includes(`"name": "${name}"`), name);
      for (const { name } of [...attributes, ...events, ...slots, ...cssParts, ...cssProperties]) {
        assert.ok(web.includes(`"name": "${name}"`), name);
      }
    }
    assert.match(html, /"name": "webgpu"/, 'the words that an attribute may have');
  });

  test('every element has its type in HTMLElementTagNameMap', async () => {
    const all = await allSources();
    const registered = sorted(
      [...all.matchAll(/'([a-z]+(?:-[a-z]+)+)': ([A-Z]\w+),/g)].map((it) => `${it[1]} ${it[2]}`),
    );
    const typed = sorted([...all.matchAll(/'([a-z]+(?:-[a-z]+)+)': ([A-Z]\w+);/g)].map((it) => `${it[1]} ${it[2]}`));
    assert.ok(registered.length >= publicElements.length);
    assert.deepEqual(
      registered.filter((pair) => !typed.includes(pair)),
      [],
    );
  });
});
