/**
 * Describes the elements for tools: custom-elements.json from their doc comments, and from that what VS Code and JetBrains
 * read. Public are the elements whose classes an entry exports; the others are parts of them.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create, ts } from '@custom-elements-manifest/analyzer';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

/** Writes the three files into `folder`. Reads the types that the compiler found from build/. */
export async function describeElements(folder) {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  const manifest = await makeManifest();
  const elements = manifest.modules.flatMap((module) => module.declarations);
  const files = {
    'custom-elements.json': manifest,
    'vscode.html-custom-data.json': htmlData(elements),
    'web-types.json': webTypes(elements, version),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }
}

async function makeManifest() {
  const paths = (await readdir('components', { recursive: true }))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('components', file).replaceAll('\\', '/'))
    .sort();
  const modules = await Promise.all(paths.map(parse));
  const tags = new Map(modules.filter(({ fileName }) => fileName.endsWith('index.ts')).flatMap(publicElements));
  const hidden = new Set(modules.flatMap(hiddenMembers));
  const { schemaVersion, modules: found } = create({ modules, plugins: litPlugin(), context: { dev: false } });
  const shared = await sharedProperties(found.flatMap(({ declarations }) => declarations));
  const described = [];
  for (const { path, declarations } of found) {
    for (const declaration of declarations.filter(({ name }) => tags.has(name))) {
      const { tag, entry } = tags.get(declaration.name);
      described.push({
        kind: 'javascript-module',
        path: entry,
        declarations: [await publicPart(declaration, tag, path, hidden, shared)],
        exports: [
          { kind: 'js', name: declaration.name, declaration: { name: declaration.name, module: entry } },
          { kind: 'custom-element-definition', name: tag, declaration: { name: declaration.name, module: entry } },
        ],
      });
    }
  }
  return { schemaVersion, readme: '', modules: described };
}

async function parse(path) {
  return ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** The classes that an index.ts exports and has a name for. */
function publicElements(source) {
  const exported = new Set();
  const named = [];
  const visit = (node) => {
    if (ts.isExportSpecifier(node)) exported.add(node.name.text);
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name))
      named.push([node.initializer.getText(), node.name.text]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const room = source.fileName.replace(/^components\/|\/?index\.ts$/g, '');
  const entry = `dist/${room === '' ? 'define' : room}.js`;
  return named.filter(([name]) => exported.has(name)).map(([name, tag]) => [name, { tag, entry }]);
}

/** 'components/adaptive-lm.ts#render': what is Lit's or the platform's to call. */
function hiddenMembers(source) {
  const found = [];
  const hides = [ts.SyntaxKind.OverrideKeyword, ts.SyntaxKind.StaticKeyword];
  const visit = (node) => {
    const words = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []).map(({ kind }) => kind) : [];
    if (
      ts.isClassElement(node) &&
      node.name &&
      (words.some((word) => hides.includes(word)) || /Callback$/.test(node.name.getText()))
    ) {
      found.push(`${source.fileName}#${node.name.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

async function publicPart(declaration, tagName, path, hidden, shared) {
  const files = new Set([path, ...declaration.members.flatMap(({ inheritedFrom }) => inheritedFrom?.module ?? [])]);
  const types = new Map();
  for (const file of files) await readTypes(file, types);
  const typed = (thing, field) => ({ ...thing, ...(types.has(field) && { type: { text: types.get(field) } }) });
  const isPublic = ({ name, privacy = 'public', inheritedFrom }) =>
    privacy === 'public' && !name.startsWith('#') && !hidden.has(`${inheritedFrom?.module ?? path}#${name}`);
  const own = declaration.cssProperties ?? [];
  const inherited = shared.filter(({ name }) => !own.some((property) => property.name === name));
  return {
    ...declaration,
    customElement: true,
    tagName,
    members: declaration.members
      .filter(isPublic)
      .map((member) => (member.kind === 'field' ? typed(member, member.name) : member)),
    attributes: (declaration.attributes ?? []).map((attribute) => typed(attribute, attribute.fieldName)),
    // Those without a description were guessed from what the code dispatches or listens to.
    events: (declaration.events ?? []).filter(({ description }) => description),
    cssProperties: [...own, ...inherited],
  };
}

/** The types of fields, as the compiler found them. What is one of a few words is written out. */
async function readTypes(path, types) {
  const file = join('build', path.replace(/\.ts$/, '.d.ts'));
  const source = await parse(file);
  const imports = new Map();
  for (const statement of source.statements.filter(ts.isImportDeclaration)) {
    for (const { name } of statement.importClause?.namedBindings?.elements ?? []) {
      imports.set(name.text, statement.moduleSpecifier.text);
    }
  }
  const words = async (type) => {
    const from = imports.get(type);
    if (!from?.startsWith('.')) return type;
    const text = await readFile(join(dirname(file), from.replace(/\.js$/, '.d.ts')), 'utf8');
    const [, list] = new RegExp(`type ${type} = \\(typeof (\\w+)\\)\\[number\\]`).exec(text) ?? [];
    const [, options] = new RegExp(`const ${list}: readonly \\[([^\\]]*)\\]`).exec(text) ?? [];
    return options?.replaceAll('"', "'").replaceAll(', ', ' | ') ?? type;
  };
  const fields = source.statements.filter(ts.isClassDeclaration).flatMap(({ members }) => [...members]);
  for (const { name, type } of fields) if (name && type) types.set(name.getText(), await words(type.getText()));
}

/** What the descriptions of `<adaptive-lm>` say of the properties that all elements share. */
async function sharedProperties(declarations) {
  const used = await readFile('components/tokens.ts', 'utf8');
  const { cssProperties } = declarations.find(({ name }) => name === 'AdaptiveLm');
  return cssProperties.filter(({ name }) => used.includes(name));
}

/** https://github.com/microsoft/vscode-html-languageservice */
function htmlData(elements) {
  const tags = elements.map(({ tagName, description, attributes }) => ({
    name: tagName,
    description,
    attributes: attributes.map(({ name, description: says, type }) => ({
      name,
      description: says,
      ...(type?.text === 'boolean' && { valueSet: 'v' }),
      ...(choices(type).length > 0 && { values: choices(type).map((choice) => ({ name: choice })) }),
    })),
  }));
  return { version: 1.1, tags };
}

/** https://github.com/JetBrains/web-types */
function webTypes(elements, version) {
  const list = (things = []) => things.map(({ name, description }) => ({ name, description }));
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: 'adaptive-lm',
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: elements.map((element) => ({
          name: element.tagName,
          description: element.description,
          attributes: element.attributes.map(({ name, description, type }) => ({
            name,
            description,
            value: { type: type?.text ?? 'string' },
          })),
          slots: list(element.slots),
          js: {
            properties: element.members
              .filter(({ kind }) => kind === 'field')
              .map(({ name, description, type }) => ({ name, description, type: type?.text ?? 'unknown' })),
            events: list(element.events),
          },
          css: { properties: list(element.cssProperties), parts: list(element.cssParts) },
        })),
      },
    },
  };
}

/** What may be written, where that is one of a few words. */
function choices(type) {
  return [...(type?.text ?? '').matchAll(/'([^']+)'/g)].map(([, choice]) => choice);
}
