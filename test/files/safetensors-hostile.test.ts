/** Files that are broken, by accident or on purpose: each is refused by name, and none hangs or gets through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveError } from '../../core/errors.js';
import { asFloat32, asFloat64, asInt32, readSafetensors, writeSafetensors } from '../../worker/files/safetensors.js';
import { float32Tensor } from '../../worker/files/tensor.js';
import { f32, latin1, rawBytes, rawFile } from './raw.js';
import { refuses } from './refuses.js';

const sound = new Uint8Array(
  writeSafetensors({
    metadata: { title: 'a "quoted" \\ title' },
    tensors: [
      float32Tensor('weight', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
      { name: 'ids', dtype: 'I64', shape: [3], data: new Uint8Array(24) },
      { name: 'mask', dtype: 'BOOL', shape: [5], data: new Uint8Array(5) },
    ],
  }),
);

function refusesFile(file: Uint8Array, ...patterns: (RegExp | string)[]): void {
  refuses(() => readSafetensors(file), 'model-file', ...patterns);
}

/** A file of one tensor `x` of 8 bytes, its entry changed. */
function withEntry(entry: unknown): Uint8Array {
  return rawFile({ x: entry }, 8);
}

test('cut short at any byte', () => {
  for (let size = 0; size < sound.length; size++) {
    refusesFile(sound.slice(0, size), size === 0 ? 'empty (0 bytes)' : /ends early|holds only/, /again/);
  }
  assert.equal(readSafetensors(sound).tensors.size, 3);
});

test('a header length beyond reason or beyond the file', () => {
  const header = latin1('{"x":{}}');
  refusesFile(rawBytes(header, 0, 2n ** 60n), 'header of 1,152,921,504,606,846,976 bytes', '100,000,000');
  refusesFile(rawBytes(header, 0, 2n ** 64n - 1n), '18,446,744,073,709,551,615');
  refusesFile(rawBytes(header, 0, 100_000_001n), '100,000,001');
  refusesFile(rawBytes(header, 0, 100_000_000n), 'ends early', '100,000,000 bytes', '8 are there');
  refusesFile(rawBytes(header, 0, 9n), 'ends early');
  refusesFile(rawBytes(header, 0, 0n), 'no header of 0 bytes');
  refusesFile(rawBytes(header, 0, 7n), 'not valid JSON');
});

test('a header that is not a JSON object in UTF-8', () => {
  refusesFile(rawFile('{"x":'), 'not valid JSON');
  refusesFile(rawFile('{"a":1}}'), 'not valid JSON');
  refusesFile(rawFile("{'x': 1}"), 'not valid JSON');
  refusesFile(rawFile('[1, 2]'), 'not a safetensors model file');
  refusesFile(rawFile('"text"'), 'not a safetensors model file');
  refusesFile(rawFile('\ufeff{}'), 'not a safetensors model file');
  refusesFile(rawBytes(latin1('{"\xff":0}'), 0), 'not UTF-8');
  refusesFile(rawFile('{"a":"unclosed \\'), 'not valid JSON');
  refusesFile(rawFile('{"\\x":1}'), 'not valid JSON');
});

test('a name twice, however it is written', () => {
  const entry = JSON.stringify(f32([0]));
  refusesFile(rawFile(`{"x":${entry},"x":${entry}}`), 'key "x" twice');
  refusesFile(rawFile(`{"x" \n:${entry}, "\\u0078"\t:${entry}}`), 'key "x" twice');
  refusesFile(rawFile(`{"a\\"b":${entry},"a\\u0022b":${entry}}`), 'twice');
  refusesFile(rawFile(`{"\\\\":${entry},"\\u005c":${entry}}`), 'twice');
  refusesFile(rawFile(`{"":${entry},"":${entry}}`), 'key "" twice');
  refusesFile(rawFile('{"__metadata__":{"a":"1","a":"2"}}'), 'key "a" twice');
  refusesFile(rawFile('{"__metadata__":{},"__metadata__":{}}'), 'key "__metadata__" twice');
  refusesFile(rawFile('{"x":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}'), 'key "dtype" twice');
});

test('equal keys in different objects, and keys within strings, are no duplicates', () => {
  const entry = JSON.stringify(f32([0]));
  const header = `{"__metadata__":{"x":"{\\"x\\":1,\\"x\\":2}","y":"x"},"x":${entry},"y":${entry},"x\\"":${entry}}`;
  assert.deepEqual([...readSafetensors(rawFile(header)).tensors.keys()], ['x', 'y', 'x"']);
});

test('duplicates are found as a parser finds them', () => {
  const key = fc.string({ unit: 'binary', maxLength: 3 }).filter((text) => text !== '__proto__');
  const escaped = (text: string) =>
    `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 6 }), (keys) => {
      const entry = JSON.stringify(f32([0]));
      const header = `{${keys.map(([text, escape]) => `${escape ? escaped(text) : JSON.stringify(text)}:${entry}`).join()}}`;
      const distinct = new Set(keys.map(([text]) => text)).size;
      if (distinct < keys.length) refusesFile(rawFile(header), 'twice');
      else assert.equal(readSafetensors(rawFile(header)).tensors.size, distinct);
    }),
  );
});

test('entries that are none', () => {
  refusesFile(withEntry(null), '"x"', 'got null');
  refusesFile(withEntry([]), '"x"', 'got []');
  refusesFile(withEntry('F32'), '"x"', 'got "F32"');
  refusesFile(withEntry({}), '"x"', 'dtype', 'missing');
  refusesFile(withEntry({ ...f32([2]), dtype: 32 }), 'dtype should be a string and is 32');
  refusesFile(withEntry({ ...f32([2]), shape: undefined }), 'shape', 'missing');
  refusesFile(withEntry({ ...f32([2]), shape: '2' }), 'shape', 'is "2"');
  refusesFile(withEntry({ ...f32([2]), data_offsets: undefined }), 'data_offsets', 'missing');
  refusesFile(withEntry({ ...f32([2]), data_offsets: [0, 4, 8] }), 'data_offsets', '[0,4,8]');
  refusesFile(withEntry({ ...f32([2]), data_offsets: [0] }), 'data_offsets', '[0]');
});

test('a number format that is not known', () => {
  refusesFile(withEntry({ ...f32([2]), dtype: 'F8_E4M3' }), '"F8_E4M3"', 'F32', 'F16');
  refusesFile(withEntry({ ...f32([2]), dtype: 'f32' }), '"f32"');
  refusesFile(withEntry({ ...f32([2]), dtype: 'toString' }), '"toString"');
  refusesFile(withEntry({ ...f32([2]), dtype: '__proto__' }), '"__proto__"');
});

test('shapes that cannot be', () => {
  for (const dim of ['-2', '1.5', '1e400', '9007199254740993', '"2"', 'null', '[2]', 'true']) {
    refusesFile(rawFile(`{"x":{"dtype":"F32","shape":[${dim}],"data_offsets":[0,8]}}`, 8), '"x"', 'shape should be');
  }
  refusesFile(
    withEntry({ ...f32([2]), shape: [2 ** 32, 2 ** 32] }),
    '4294967296 × 4294967296',
    'larger than any memory',
  );
  refusesFile(withEntry({ ...f32([2]), shape: [2 ** 30, 2 ** 30, 2 ** 30, 0] }), 'larger than any memory');
  refusesFile(withEntry({ ...f32([2]), shape: [Number.MAX_SAFE_INTEGER] }), 'larger than any memory');
  refusesFile(withEntry({ ...f32([2]), shape: Array(1e5).fill(3) }), 'larger than any memory');
});

test('offsets that do not fit shape or file', () => {
  const at = (...offsets: unknown[]) => withEntry({ ...f32([2]), data_offsets: offsets });
  refusesFile(at(0, 4), '"x"', 'takes 8 bytes', 'has 4');
  refusesFile(at(0, 12), 'takes 8 bytes', 'has 12');
  refusesFile(at(8, 0), 'before they begin');
  refusesFile(at(-8, 0), 'data_offsets should be');
  refusesFile(at(0.5, 8.5), 'data_offsets should be');
  refusesFile(at(8, 16), 'holds only 8 bytes');
  refusesFile(at(2 ** 52, 2 ** 52 + 8), 'holds only 8 bytes');
  refusesFile(rawFile({ x: f32([2]) }, 9), 'take 8 bytes', 'holds 9 bytes');
  refusesFile(rawFile({}, 1), 'take 0 bytes', 'holds 1 bytes');
  refusesFile(rawFile({ x: f32([2]), y: f32([2], 4) }, 12), '"y"', 'overlap');
  refusesFile(rawFile({ x: f32([2]), y: f32([2]) }, 8), 'overlap');
  refusesFile(rawFile({ x: f32([4]), y: f32([1], 4) }, 16), '"y"', 'overlap');
  refusesFile(rawFile({ x: f32([2]), empty: f32([0], 4) }, 8), '"empty"', 'overlap');
  refusesFile(rawFile({ x: f32([2]), y: f32([2], 12) }, 20), '"y"', 'the 4 before it');
  refusesFile(rawFile({ x: f32([1], 4) }, 8), 'the 4 before it');
});

test('empty tensors lie where others meet', () => {
  const header = { a: f32([0], 8), b: f32([2]), c: f32([0]), d: f32([1, 1], 8), e: f32([3, 0], 12) };
  assert.equal(readSafetensors(rawFile(header, 12)).tensors.size, 5);
});

test('metadata that is not string to string', () => {
  refusesFile(rawFile({ __metadata__: { a: 1 } }), '"a"', 'is 1');
  refusesFile(rawFile({ __metadata__: { a: null } }), '"a"', 'null');
  refusesFile(rawFile({ __metadata__: { a: { b: 'c' } } }), '"a"', 'an object');
  refusesFile(rawFile({ __metadata__: ['a'] }), 'metadata', 'not a JSON object');
  refusesFile(rawFile({ __metadata__: 'a' }), 'not a JSON object');
  refusesFile(rawFile({ __metadata__: null }), 'not a JSON object');
});

test('names that would reach into objects', () => {
  const entry = JSON.stringify(f32([0]));
  refusesFile(rawFile(`{"__proto__":${entry}}`), '"__proto__"');
  refusesFile(rawFile(`{"__metadata__":{"__proto__":"x"}}`), '"__proto__"');
  refusesFile(rawFile(`{"x":{"__proto__":${entry}}}`), 'dtype', 'missing');
  const file = readSafetensors(
    rawFile(`{"__metadata__":{"constructor":"c"},"toString":${entry},"constructor":${entry}}`),
  );
  assert.deepEqual([...file.tensors.keys()], ['toString', 'constructor']);
  assert.equal(file.metadata['constructor'], 'c');
});

test('names cannot flood or forge a message', () => {
  const error = refuses(() => readSafetensors(rawFile({ ['x'.repeat(1e6)]: 0 })), 'model-file', 'x…');
  assert.ok(error.message.length < 300);
  refusesFile(rawFile({ 'a\n\u001b[31mred': 0 }), '"a\\n\\u001b[31mred"');
  refusesFile(rawFile('{"\\ud800":0}'), 'lone surrogate');
});

test('a header made to take time is refused at once', { timeout: 200_000 }, () => {
  refusesFile(rawFile(`{"x":${'['.repeat(5e6)}`), 'nests deeper');
  refusesFile(rawFile(`{"x":[0${',0'.repeat(4e6)}]}`), 'more than 2,000,000 values');
  refusesFile(rawFile(`{"x":"${'\\\\'.repeat(2e6)}"`), 'not valid JSON');
  refusesFile(rawFile(`{${'"":'.repeat(1e6)}`), 'not valid JSON');
  refusesFile(rawFile(`{"x"${' '.repeat(5e6)}`), 'not valid JSON');
});

const others: readonly (readonly [kind: string, start: string])[] = [
  ['a PNG image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['a JPEG image', '\xff\xd8\xff\xe0\0\x10JFIF\0'],
  ['a PDF document', '%PDF-1.7\n%\xe2\xe3'],
  ['a ZIP archive', 'PK\x03\x04\x14\0\0\0\x08\0letter.docx'],
  ['a PyTorch checkpoint', 'PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\x12\0archive/data.pklFB'],
  ['a NumPy archive (.npz)', 'PK\x03\x04\x14\0\0\0\0\0weight.npy'],
  ['a Python pickle', '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M'],
  ['a GGUF model', 'GGUF\x03\0\0\0\x23\x01\0\0\0\0\0\0'],
  ['an HDF5 file', '\x89HDF\r\n\x1a\n\0\0\0\0'],
  ['a NumPy array', '\x93NUMPY\x01\0v\0{"descr"'],
  ['a gzip archive', '\x1f\x8b\x08\0\0\0\0\0\0\x03'],
  ['a web page', '\n<!DOCTYPE html>\n<title>404 Not Found</title>'],
  ['JSON text', '{\n  "cell": "lstm",\n  "adaptation": "io"\n}'],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a'],
  ['text', 'First Citizen:\nBefore we proceed any further, hear me speak.'],
  ['text', 'Ворон к ворону летит, ворон ворону кричит'],
];

for (const [kind, start] of others) {
  test(`${kind} is called so: ${JSON.stringify(start.slice(0, 12))}`, () => {
    const bytes = /[^\0-\xff]/.test(start) ? new TextEncoder().encode(start) : latin1(start);
    refusesFile(bytes, `This is ${kind}`, 'not a safetensors model file');
  });
}

test('bytes of no known kind', () => {
  refusesFile(new Uint8Array(64), 'not a safetensors model file', 'header of 0 bytes');
  refusesFile(new Uint8Array(64).fill(0xee), 'header of 17,216,961,135,462,248,174 bytes');
  refusesFile(Uint8Array.of(1, 2, 3), 'ends early, after 3 bytes');
});

test('a header whose length happens to look like another format is still read', () => {
  for (const length of [0x0280, 0x8b1f]) {
    const header = new TextEncoder().encode('{}'.padEnd(length));
    assert.equal(readSafetensors(rawBytes(header, 0)).tensors.size, 0);
  }
});

/** Reads all there is; anything but a value or an AdaptiveError is a failure. */
function survives(bytes: Uint8Array): void {
  try {
    for (const tensor of readSafetensors(bytes).tensors.values()) {
      for (const read of [asFloat32, asFloat64, asInt32]) read(tensor);
    }
  } catch (error) {
    if (!(error instanceof AdaptiveError && error.code === 'model-file')) throw error;
  }
}

test('random damage never gives anything but an AdaptiveError', () => {
  const damage = fc.record({
    at: fc.nat({ max: sound.length - 1 }),
    remove: fc.nat({ max: 4 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '-', '9', '0', '\\', 'null', '1e9').map(latin1),
    ),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 5 }), fc.boolean(), (damages, mendLength) => {
      const bytes: number[] = [...sound];
      const before = sound.length;
      for (const { at, remove, insert } of damages) bytes.splice(at, remove, ...insert);
      const file = Uint8Array.from(bytes);
      // Half the time the length is put right again, so that the damage reaches the JSON and what is behind it.
      if (mendLength && file.length >= 8) {
        const header = new DataView(sound.buffer).getBigUint64(0, true) + BigInt(file.length - before);
        new DataView(file.buffer).setBigUint64(0, header < 0n ? 0n : header, true);
      }
      survives(file);
    }),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 500 });
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat({ max: 40 }), (header, size) => survives(rawFile(header, size))),
    { numRuns: 500 },
  );
});
