/**
 * Sound files of any content with one fault each, of every sort that a writer or an attacker can make: all are refused as
 * 'model-file', within a moment, and without memory being taken on the file's word.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readModel } from '../../worker/files/read-model.js';
import { readSafetensors, writeSafetensors } from '../../worker/files/safetensors.js';
import { anyContent } from './any-model.js';
import { rawFile } from './raw.js';
import { refuses } from './refuses.js';

interface Parts {
  /** The header's members, each as JSON text. */
  readonly members: readonly (readonly [name: string, entry: string])[];
  readonly data: Uint8Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function takeApart(file: ArrayBuffer): Parts {
  const start = 8 + Number(new DataView(file).getBigUint64(0, true));
  const header: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, start - 8)));
  assert.ok(typeof header === 'object' && header !== null);
  const members = Object.entries(header).map(([name, entry]) => [name, JSON.stringify(entry)] as const);
  return { members, data: new Uint8Array(file, start) };
}

function putTogether({ members, data }: Parts, stated?: bigint): Uint8Array {
  return rawFile(`{${members.map(([name, entry]) => `${JSON.stringify(name)}:${entry}`).join(',')}}`, data, stated);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value && 'data_offsets' in value;
}

/** A damaged file, or null where the fault has nothing to happen to. */
type Fault = (parts: Parts, dice: number) => Uint8Array | null;

/** Changes the entry of one tensor; null leaves it. */
const inEntry =
  (change: (entry: Entry) => unknown): Fault =>
  (parts, dice) => {
    const tensors = parts.members.filter(([name]) => name !== '__metadata__');
    const chosen = tensors[dice % Math.max(tensors.length, 1)];
    if (!chosen) return null;
    const entry: unknown = JSON.parse(chosen[1]);
    assert.ok(isEntry(entry));
    const changed = change(entry);
    if (changed === null) return null;
    const text = JSON.stringify(changed);
    return putTogether({ ...parts, members: parts.members.map((m) => (m === chosen ? [m[0], text] : m)) });
  };

const added =
  (name: string, entry: unknown): Fault =>
  (parts) =>
    putTogether({ ...parts, members: [...parts.members.filter((m) => m[0] !== name), [name, JSON.stringify(entry)]] });

/** An empty tensor may lie anywhere between others. */
const moved = (by: number) =>
  inEntry(({ data_offsets: [begin, end], ...entry }) =>
    begin === end ? null : { ...entry, data_offsets: [begin + by, end + by] },
  );

const huge = Number.MAX_SAFE_INTEGER;

const faults: Readonly<Record<string, Fault>> = {
  'cut short': (parts, dice) => {
    const file = putTogether(parts);
    return file.subarray(0, dice % file.length);
  },
  'bytes after the end': ({ data, ...parts }, dice) =>
    putTogether({ ...parts, data: new Uint8Array(data.length + 1 + (dice % 9)) }),
  'a header longer than the file': (parts, dice) => {
    const file = putTogether(parts);
    return putTogether(parts, BigInt(file.length - 7 + (dice % 1000)));
  },
  'a header of any length': (parts, dice) => putTogether(parts, 100_000_001n + (BigInt(dice) << 30n)),
  'offsets moved up': moved(1),
  'offsets below zero': moved(-huge),
  'offsets beyond counting': moved(huge),
  'an end before its beginning': inEntry(({ data_offsets: [begin, end], ...entry }) => ({
    ...entry,
    data_offsets: [end + 1, begin],
  })),
  'a shape larger than its bytes': inEntry(({ shape, ...entry }) => ({
    ...entry,
    shape: [...shape.map((dim) => dim + 1), 2],
  })),
  'a shape that overflows': inEntry(({ shape, ...entry }) => ({ ...entry, shape: [2 ** 32, 2 ** 31, ...shape] })),
  'a shape of broken numbers': inEntry((entry) => ({ ...entry, shape: [0.5] })),
  'another number format': inEntry(({ data_offsets: [begin, end], ...entry }) => ({
    ...entry,
    data_offsets: [begin, end],
    dtype: end === begin ? 'F8_E5M2' : entry.dtype === 'F64' ? 'F32' : 'F64',
    shape: end === begin ? entry.shape : [(end - begin) / 3],
  })),
  'a format that there is not': inEntry((entry) => ({ ...entry, dtype: 'C64' })),
  'a format that is a number': inEntry((entry) => ({ ...entry, dtype: 7 })),
  'an entry that is a list': inEntry((entry) => [entry]),
  'a name twice': ({ members, data }, dice) => {
    const again = members[dice % Math.max(members.length, 1)];
    return again ? putTogether({ members: [...members, again], data }) : null;
  },
  'bytes of two tensors': ({ members, data }) =>
    data.length === 0
      ? null
      : putTogether({
          members: [...members, ['twice\0', JSON.stringify({ dtype: 'U8', shape: [1], data_offsets: [0, 1] })]],
          data,
        }),
  'a tensor beyond the end': added('far\0', { dtype: 'U8', shape: [1], data_offsets: [2 ** 40, 2 ** 40 + 1] }),
  'nesting without end': (parts, dice) => {
    const deep = 33 + (dice % 5000);
    return putTogether({ ...parts, members: [...parts.members, ['deep\0', '['.repeat(deep) + ']'.repeat(deep)]] });
  },
  'metadata that is a list': added('__metadata__', ['x']),
  'metadata with a number': added('__metadata__', { x: 1 }),
  'metadata with an object': added('__metadata__', { x: { y: 'z' } }),
  'half a character': (parts) => putTogether({ ...parts, members: [...parts.members, ['x', '"\\ud800"']] }),
};

for (const [name, fault] of Object.entries(faults)) {
  test(`refused: ${name}`, { timeout: 200_000 }, () => {
    let tried = 0;
    fc.assert(
      fc.property(anyContent, fc.nat(), (content, dice) => {
        const file = fault(takeApart(writeSafetensors(content)), dice);
        if (!file) return;
        tried++;
        refuses(() => readSafetensors(file), 'model-file');
      }),
      { numRuns: 60 },
    );
    assert.ok(tried > 20, `${tried} files had room for it`);
  });
}

test('any header over any data is read or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.uint8Array({ maxLength: 64 }), (header, data) => {
      const file = rawFile(header, data);
      try {
        const { tensors } = readSafetensors(file);
        assert.ok([...tensors.values()].reduce((sum, tensor) => sum + tensor.data.length, 0) === data.length);
      } catch {
        refuses(() => readSafetensors(file), 'model-file');
      }
    }),
    { numRuns: 500 },
  );
});

/** Small files that ask for a lot: were it taken, there would be no AdaptiveError but a RangeError. */
test('nothing is allocated on a file’s word', { timeout: 200_000 }, async () => {
  const config = JSON.stringify({
    cell: 'lstm',
    adaptation: 'io',
    latent: 'recurrent',
    vocabularySize: 256,
    embeddingSize: 8192,
    hiddenSizes: Array(16).fill(8192),
    latentSize: 4096,
    tiedDecoder: false,
  });
  const marks: readonly Readonly<Record<string, string>>[] = [
    { format: 'adaptive-lm', version: '1' },
    { format: 'pt', exporter: 'adaptive-lm' },
  ];
  for (const mark of marks) {
    const metadata = { ...mark, config, tokenizer: '{"kind":"bytes"}' };
    await assert.rejects(readModel(writeSafetensors({ metadata, tensors: [] })), { code: 'model-file' });
  }
  const empty = (name: string, shape: readonly number[]) =>
    ({ name, dtype: 'F32', shape, data: new Uint8Array(0) }) as const;
  const tensors = [
    empty('encoder.weight', [2 ** 40, 0]),
    empty('rnn.weight_ih_l0', [0, 2 ** 40]),
    empty('rnn.weight_hh_l0', [0, 0]),
  ];
  await assert.rejects(readModel(writeSafetensors({ tensors })), { code: 'model-config' });
});
