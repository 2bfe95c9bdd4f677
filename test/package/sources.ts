/** What the source of an element says of it. */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

async function parse(path: string): Promise<ts.SourceFile> {
  return ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** All of components/ as one text. */
export async function allSources(): Promise<string> {
  const files = (await readdir('components', { recursive: true })).filter((file) => file.endsWith('.ts'));
  return (await Promise.all(files.map((file) => readFile(join('components', file), 'utf8')))).join('\n');
}

/** The file of a class, and those of the classes of ours that it extends. */
export async function classSources(name: string): Promise<readonly ts.SourceFile[]> {
  const files = (await readdir('components', { recursive: true })).filter((file) => file.endsWith('.ts'));
  for (const file of files) {
    const path = join('components', file);
    if (!(await readFile(path, 'utf8')).includes(`class ${name} `)) continue;
    const source = await parse(path);
    const found = source.statements.filter(ts.isClassDeclaration).find((statement) => statement.name?.text === name);
    if (!found) continue;
    const [base] = found.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types ?? [];
    return [source, ...(base ? await classSources(base.expression.getText()) : [])];
  }
  return [];
}

/** These sources and all of components/ that they import, now or later. */
export async function reachable(sources: readonly ts.SourceFile[]): Promise<readonly ts.SourceFile[]> {
  const found = new Map<string, ts.SourceFile>();
  const visit = async (source: ts.SourceFile): Promise<void> => {
    if (found.has(source.fileName)) return;
    found.set(source.fileName, source);
    for (const target of imports(source)) {
      const path = join(dirname(source.fileName), target.replace(/\.js$/, '.ts'));
      if (path.startsWith('components')) await visit(await parse(path));
    }
  };
  for (const source of sources) await visit(source);
  return [...found.values()];
}

/** './x.js', of code and not of types alone. */
function imports(source: ts.SourceFile): readonly string[] {
  const now = source.statements
    .filter(ts.isImportDeclaration)
    .filter(({ importClause }) => importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    .map(({ moduleSpecifier }) => (ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : ''));
  const later = [...source.text.matchAll(/\bimport\('([^']+)'\)/g)].map((it) => it[1] ?? '');
  return [...now, ...later].filter((target) => target.startsWith('.'));
}

/** What anybody may use of the classes of a source: not what is private, static, Lit's or the platform's to call. */
export function publicMembers(source: ts.SourceFile): readonly string[] {
  const hiding = [
    ts.SyntaxKind.PrivateKeyword,
    ts.SyntaxKind.ProtectedKeyword,
    ts.SyntaxKind.StaticKeyword,
    ts.SyntaxKind.OverrideKeyword,
  ];
  const isPublic = (member: ts.ClassElement): boolean => {
    const words = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
    const internal = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
    return !internal && !words.some(({ kind }) => hiding.includes(kind));
  };
  return source.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ members }) => members.filter(isPublic))
    .flatMap(({ name }) => (name && !ts.isPrivateIdentifier(name) ? [name.getText()] : []))
    .filter((name) => !name.endsWith('Callback'));
}
