/**
 * What the shaders declare, read by reflection, beside what they are given: the bind group layout of gpu/pipelines.ts, the
 * records of gpu/record.ts, the stages of gpu/kernel-table.ts, and the least that every WebGPU device can do.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WgslReflect, type FunctionInfo, type VariableInfo } from 'wgsl_reflect/wgsl_reflect.module.js';
import { dawn } from '../../cli/dawn.js';
import { kernelFiles, quadFiles } from '../../gpu/generated/shaders.js';
import type { Stage } from '../../gpu/kernel-table.js';
import { groupEntries } from '../../gpu/pipelines.js';
import { makeWords, recordBytes, recordWords, writeRecord } from '../../gpu/record.js';
import { composeShader } from '../../gpu/shader.js';
import { dimension, kernels, kernelsByQuads, type Kernel } from './kernels.js';

await dawn({ backend: 'null' }); // for its constants
const layout = groupEntries();

/** Of WebGPU, section 3.6.2: what no device refuses. */
const limits = {
  invocations: 256,
  size: [256, 256, 64],
  workgroupBytes: 16_384,
  storageBuffers: 8,
  uniformBytes: 65_536,
} as const;

interface Reflected {
  /** Lines. */
  readonly code: readonly string[];
  readonly entries: ReadonlyMap<string, FunctionInfo>;
}

function reflect(file: string, byQuads: boolean): Reflected {
  const { code } = composeShader(file, { byQuads, subgroups: false });
  const { entry } = new WgslReflect(code);
  assert.equal(entry.vertex.length + entry.fragment.length, 0);
  return { code: code.split('\n'), entries: new Map(entry.compute.map((each) => [each.name, each])) };
}

/** By the file's name; those of kernels/quads, which stand behind the file of the same name, by `quads/` and that. */
const shaders = new Map([
  ...Object.keys(kernelFiles).map((file) => [file, reflect(file, false)] as const),
  ...Object.keys(quadFiles).map((file) => [`quads/${file}`, reflect(file, true)] as const),
]);
const shaderOf = (file: string, { byQuads }: Stage) => (byQuads ? `quads/${file}` : file);

function entryOf(file: string, stage: Stage): FunctionInfo {
  const entry = shaders.get(shaderOf(file, stage))?.entries.get(stage.entry);
  assert(entry, `${file}.wgsl has no entry point ${stage.entry}`);
  return entry;
}

/** Constants that have a value unless they are given another; of products, that of the largest tile. */
const withDefaults = new Map([
  ['THREADS', 256],
  ['ROW_QUADS', 4],
  ['VECTORS', 0],
  ['TILE_THREADS', 256],
  ['TILE_FOURS', 528],
]);

/** What a resource asks of a bind group layout. An array without a length has length 0. */
function demand({ group, binding, resourceType, access, type }: VariableInfo) {
  assert.equal(group, 0);
  // Its enumeration of kinds is declared but not exported: 0 is a uniform, 1 storage.
  const kind = ['uniform', access === 'read_write' ? 'storage' : 'read-only-storage'][resourceType];
  assert(kind, `a resource of kind ${resourceType}`);
  return { binding, type: kind, what: type.getTypeName() };
}

const recordOf = (entry: FunctionInfo) => entry.resources.find(({ binding }) => binding === 2);

/** Bytes of the workgroup memory that an entry point or what it calls names. */
function workgroupBytes({ code }: Reflected, entry: FunctionInfo): number {
  const reached = [entry, ...callees(entry)];
  const text = reached.map(({ startLine, endLine }) => code.slice(startLine - 1, endLine).join('\n')).join('\n');
  const declared = code.flatMap((line) => [...line.matchAll(/^var<workgroup> (\w+): ([^;]+);/g)]);
  assert.equal(declared.length, code.filter((line) => line.includes('var<workgroup>')).length);
  return declared
    .filter(([, name = '']) => new RegExp(`\\b${name}\\b`).test(text))
    .reduce((sum, [, , type = '']) => sum + bytesOf(type), 0);
}

function callees(entry: FunctionInfo, known = new Set<FunctionInfo>()): Set<FunctionInfo> {
  for (const callee of entry.calls) {
    if (known.has(callee)) continue;
    known.add(callee);
    callees(callee, known);
  }
  return known;
}

function bytesOf(type: string): number {
  const array = /^array<(.+), (\w+)>$/.exec(type);
  if (array) return bytesOf(array[1] ?? '') * (withDefaults.get(array[2] ?? '') ?? Number.parseInt(array[2] ?? ''));
  const bytes = { u32: 4, i32: 4, f32: 4, 'atomic<u32>': 4, vec2f: 8, vec2u: 8, vec4f: 16, vec4u: 16 }[type];
  assert(bytes, `workgroup memory of type ${type}`);
  return bytes;
}

/** A call whose every argument is another number; what the record's words are to be, by name. */
function numberedCall({ name, file, row, views, sizes, scalars }: Kernel) {
  let next = 1;
  const expected = new Map<string, readonly number[]>();
  const view = (key: string) => {
    const made = { buffer: 0, offset: next++, stride: 0, ld: next++ };
    expected.set(key, [made.offset, made.ld]);
    return [key, made] as const;
  };
  const number = (key: string) => {
    expected.set(key, [next]);
    return next++;
  };
  const madeViews = views.map(([key]) => view(key));
  const scratch = row.scratch ? next++ : null;
  if (scratch !== null) expected.set('scratch', [scratch, 0]);
  const call = {
    file,
    row,
    views: madeViews,
    sizes: sizes.map((key) => [key, number(dimension(key))] as const),
    scalars: scalars.map(number),
  };
  assert(expected.size > 0, name);
  return { call, scratch, expected };
}

describe('WGSL by reflection', () => {
  it('finds an entry point for every stage, and no other', () => {
    const used = [...kernels, ...kernelsByQuads].flatMap(({ file, row }) =>
      row.stages.map((stage) => `${shaderOf(file, stage)} ${stage.entry}`),
    );
    const declared = [...shaders].flatMap(([file, { entries }]) => {
      // Behind the file of the same name; its own entry points are not used from there.
      const before = shaders.get(file.replace('quads/', ''))?.entries;
      const own = [...entries.keys()].filter((name) => !file.startsWith('quads/') || !before?.has(name));
      return own.map((name) => `${file} ${name}`);
    });
    assert.deepEqual(declared.sort(), [...new Set(used)].sort());
  });

  for (const kernel of [...kernels, ...kernelsByQuads]) {
    for (const stage of kernel.row.stages) {
      const entry = entryOf(kernel.file, stage);
      const name = `${stage.byQuads ? 'quads/' : ''}${stage.entry}`;

      it(`${name} is bound to what the layout has`, () => {
        const demands = entry.resources.map(demand).sort((a, b) => a.binding - b.binding);
        const kinds = demands.map(({ binding, type }) => ({ binding, type }));
        assert.deepEqual(
          kinds,
          layout.map(({ binding, buffer }) => ({ binding, type: buffer.type })),
        );
        const byFour = stage.byQuads || kernelFiles[kernel.file]?.requires.includes('words-by-four');
        const words = byFour ? 'array<array<u32, 4>, 0>' : 'array<u32, 0>';
        assert.deepEqual(
          demands.slice(0, 2).map(({ what }) => what),
          [words, words],
        );
        assert(kinds.filter(({ type }) => type !== 'uniform').length <= limits.storageBuffers);
      });

      it(`${name} finds every argument where the record has it`, () => {
        const record = recordOf(entry);
        const { call, scratch, expected } = numberedCall(kernel);
        const words = makeWords(recordWords);
        writeRecord(words, 0, call, [], scratch, 0, 1);
        const members = record?.members ?? [];
        for (const { name: member, type, offset } of members) {
          const at = offset / 4;
          const numbers = type.name === 'f32' ? words.floats : words.integers;
          const got = [...numbers.slice(at, at + type.size / 4)];
          assert.deepEqual(got, expected.get(member), `${member}: ${type.name} at byte ${offset}`);
        }
        assert.deepEqual(
          members.map((member) => member.name),
          [...expected.keys()],
        );
        const size = record?.size ?? Infinity;
        assert(size <= recordBytes && size <= layout[2].buffer.minBindingSize && size <= limits.uniformBytes);
      });

      it(`${name} has workgroups that every device can run`, () => {
        const size = entry.workgroupSize ?? [];
        assert.equal(size.length, 3);
        assert(size.every((threads, axis) => threads >= 1 && threads <= (limits.size[axis] ?? 0)));
        assert(size.reduce((product, threads) => product * threads, 1) <= limits.invocations);
        const shader = shaders.get(shaderOf(kernel.file, stage));
        assert(shader && workgroupBytes(shader, entry) <= limits.workgroupBytes);
      });

      it(`${name} has no constant but the arenas of its call and those with a value of their own`, () => {
        const arenas = [...kernel.views.map(([view]) => `${view}_arena`), ...withDefaults.keys()];
        const known = new Set(kernel.row.scratch ? [...arenas, 'scratch_arena'] : arenas);
        assert.deepEqual(
          entry.overrides.map((each) => each.name).filter((each) => !known.has(each)),
          [],
        );
      });
    }
  }
});
