/** A kernel file with the snippets that it requires before it, and where in these an error's line is. */
import { AdaptiveError } from '../core/errors.js';
import { kernelFiles, quadFiles, snippets } from './generated/shaders.js';

export interface Shader {
  readonly name: string;
  readonly code: string;
  /** File, line and text of a line of `code`, counted from 1. */
  locate(line: number): { readonly file: string; readonly line: number; readonly text: string };
}

export interface Composition {
  /** Whether the device has subgroups. */
  readonly subgroups: boolean;
  /** With the entry points of kernels/quads, which need subgroups. */
  readonly byQuads: boolean;
}

/** The compiler does not know that all threads of a subgroup find the same size of it. */
const withSubgroups = 'enable subgroups; diagnostic(off, subgroup_uniformity);';

/** Stands in for `words`, where quads are or a kernel asks for it. */
const wordsByFour = 'words-by-four';

/** What stands in for a snippet where there are subgroups. */
const bySubgroups: Readonly<Record<string, string>> = { reduce: 'reduce-subgroups' };

export function composeShader(name: string, { subgroups, byQuads }: Composition): Shader {
  const kernel = kernelFiles[name];
  const quads = byQuads ? quadFiles[name] : undefined;
  if (!kernel || (byQuads && !quads)) throw new AdaptiveError('internal', `There is no gpu/kernels/${name}.wgsl.`);
  const byFour = byQuads || kernel.requires.includes(wordsByFour);
  const required = new Set([byFour ? wordsByFour : 'words', ...kernel.requires, ...(quads?.requires ?? [])]);
  const chosen = [...required].map((snippet) => (subgroups ? bySubgroups[snippet] : undefined) ?? snippet);
  const parts = [
    { file: 'the head', source: subgroups ? withSubgroups : '' },
    ...chosen.map((snippet) => ({ file: `common/${snippet}.wgsl`, source: snippets[snippet] ?? '' })),
    { file: `${name}.wgsl`, source: kernel.source },
    ...(quads ? [{ file: `quads/${name}.wgsl`, source: quads.source }] : []),
  ];
  const lines = parts.flatMap(({ file, source }) =>
    source.split('\n').map((text, index) => ({ file, line: index + 1, text })),
  );
  return {
    name,
    code: parts.map(({ source }) => source).join('\n'),
    locate: (line) => lines[line - 1] ?? { file: `${name}.wgsl`, line: 0, text: '' },
  };
}

/** What the compiler has to say, one error a line: file:line:column, message, source. Empty when there is none. */
export async function shaderErrors(shader: Shader, module: GPUShaderModule): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, linePos, message }) => {
      const { file, line, text } = shader.locate(lineNum);
      return `gpu/kernels/${file}:${line}:${linePos}: ${message}\n  ${text}`;
    })
    .join('\n');
}
