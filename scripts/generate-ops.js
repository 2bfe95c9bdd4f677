/**
 * Writes assembly/generated/ from core/ops.ts: for each op a class laid over its resolved arguments, the switch from
 * opcode to kernel, the marks of weights, and the numbers of activations. The AssemblyScript side of the op table is thus never written by hand.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import ts from 'typescript';

/** The table has no imports, so its types can be taken off without building anything. */
async function loadOps() {
  const source = await readFile('core/ops.ts', 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}

const className = (op) => op[0].toUpperCase() + op.slice(1);

/** A size of one letter is a dimension and has the capital, so that size `h` stands beside view `h`. */
const dimension = (name) => (name.length === 1 ? name.toUpperCase() : name);

/** View: address, leading dimension in elements, end of its buffer. Size: i32. Scalar: f32. */
function argumentClass(op, { views, sizes, scalars }) {
  const fields = [
    ...Object.entries(views).flatMap(([name, role]) => [
      `${name}: usize; // ${role}`,
      `${name}Ld: i32;`,
      `${name}End: usize;`,
    ]),
    ...sizes.map((name) => `${dimension(name)}: i32;`),
    ...scalars.map((name) => `${name}: f32;`),
  ];
  return `@unmanaged\nexport class ${className(op)} {\n${fields.map((field) => `  ${field}\n`).join('')}}\n`;
}

export async function generateOps() {
  const { activations, ops, opNames, weightMarks } = await loadOps();
  const files = new Map();
  for (const op of opNames) files.set(ops[op].file, [...(files.get(ops[op].file) ?? []), op]);

  const header = '// Generated from core/ops.ts by scripts/generate-ops.js.\n';
  const imports = [...files].map(([file, names]) => `import { ${names.join(', ')} } from '../kernels/${file}';\n`);
  const cases = opNames.map((op, opcode) => `    case ${opcode}: return ${op}(changetype<${className(op)}>(args));\n`);
  const classes = opNames.map((op) => argumentClass(op, ops[op]));
  await mkdir('assembly/generated', { recursive: true });
  const marks = Object.entries(weightMarks).map(([name, mark]) => `export const ${name}Mark: i32 = ${mark};\n`);
  const kinds = Object.entries(activations).map(([name, kind]) => `export const ${name}Kind: i32 = ${kind};\n`);
  await writeFile('assembly/generated/arguments.ts', header + '\n' + classes.join('\n'));
  await writeFile('assembly/generated/marks.ts', header + '\n' + marks.join(''));
  await writeFile('assembly/generated/activations.ts', header + '\n' + kinds.join(''));
  await writeFile(
    'assembly/generated/dispatch.ts',
    `${header}${imports.join('')}import { ${opNames.map(className).join(', ')} } from './arguments';\n
export function dispatch(opcode: i32, args: usize): void {
  switch (opcode) {
${cases.join('')}    default: unreachable();
  }
}
`,
  );
}

if (process.argv[1] === import.meta.filename) await generateOps();
