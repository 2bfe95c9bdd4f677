/** Reading and writing: round trips, the bytes of the reference implementation, and files by other writers. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { dtypes, type Tensor } from '../../worker/files/tensor.js';
import { asFloat64, asInt32, readSafetensors, writeSafetensors } from '../../worker/files/safetensors.js';
import { readData } from '../data.js';
import { anyContent } from './any-model.js';
import { rawFile } from './raw.js';
import { refuses } from './refuses.js';

test('what is written is read back, whatever the names, formats, shapes and bits', () => {
  fc.assert(
    fc.property(anyContent, ({ metadata, tensors }) => {
      const file = readSafetensors(writeSafetensors({ metadata, tensors }));
      assert.deepEqual(file.metadata, metadata);
      assert.equal(file.tensors.size, tensors.length);
      for (const tensor of tensors) assert.deepEqual(file.tensors.get(tensor.name), tensor);
    }),
  );
});

test('the same content gives the same bytes in any order, aligned and padded', () => {
  fc.assert(
    fc.property(anyContent, ({ metadata, tensors }) => {
      const bytes = new Uint8Array(writeSafetensors({ metadata, tensors }));
      assert.deepEqual(new Uint8Array(writeSafetensors({ metadata, tensors: [...tensors].reverse() })), bytes);
      assert.equal(new DataView(bytes.buffer).getBigUint64(0, true) % 8n, 0n);
      for (const { dtype, data } of readSafetensors(bytes).tensors.values()) {
        assert.equal(data.byteOffset % dtypes[dtype].bytes, 0);
      }
    }),
  );
});

test('a file within a larger buffer is read, at any alignment', () => {
  const file = new Uint8Array(
    writeSafetensors({
      tensors: [{ name: 'x', dtype: 'F64', shape: [1], data: new Uint8Array([0, 0, 0, 0, 0, 0, 4, 64]) }],
    }),
  );
  for (let shift = 0; shift < 9; shift++) {
    const shifted = new Uint8Array(shift + file.length + 5);
    shifted.set(file, shift);
    const x = readSafetensors(shifted.subarray(shift, shift + file.length)).tensors.get('x');
    assert.deepEqual(x && [...asFloat64(x)], [2.5]);
  }
});

/** As the reference implementation, safetensors 0.8.0 for Python (in Rust), wrote these tensors. */
const referenceHeader =
  '{"__metadata__":{"format":"pt"},"u64":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},' +
  '"ids":{"dtype":"I64","shape":[2],"data_offsets":[8,24]},"d":{"dtype":"F64","shape":[1],"data_offsets":[24,32]},' +
  '"empty":{"dtype":"F64","shape":[0,4],"data_offsets":[32,32]},"a":{"dtype":"F32","shape":[],"data_offsets":[32,36]},' +
  '"b":{"dtype":"F32","shape":[2],"data_offsets":[36,44]},"u32":{"dtype":"U32","shape":[1],"data_offsets":[44,48]},' +
  '"i32":{"dtype":"I32","shape":[1],"data_offsets":[48,52]},"h":{"dtype":"BF16","shape":[1],"data_offsets":[52,54]},' +
  '"10":{"dtype":"F16","shape":[1,3],"data_offsets":[54,60]},"u16":{"dtype":"U16","shape":[1],"data_offsets":[60,62]},' +
  '"i16":{"dtype":"I16","shape":[1],"data_offsets":[62,64]},"i":{"dtype":"I8","shape":[1],"data_offsets":[64,65]},' +
  '"u":{"dtype":"U8","shape":[1],"data_offsets":[65,66]},"flags":{"dtype":"BOOL","shape":[3],"data_offsets":[66,69]}}  ';
const referenceData = Uint8Array.from(
  Buffer.from(
    'ffffffffffffffff' + '0700000000000000f8ffffffffffffff' + '9a9999999999b93f' + '00004040' +
      '0000c03f000000c0' + 'ffffffff' + 'feffffff' + '803f' + '003c00400042' + 'ffff' + 'feff' + 'ff' + 'ff' + '010001', // prettier-ignore
    'hex',
  ),
);

test('the reference implementation’s bytes are read, and written again to the byte', () => {
  const reference = rawFile(referenceHeader, referenceData);
  const { metadata, tensors } = readSafetensors(reference);
  const values = (name: string) => {
    const tensor = tensors.get(name);
    assert.ok(tensor);
    return [...asFloat64(tensor)];
  };
  assert.deepEqual(values('ids'), [7, -8]);
  assert.deepEqual(values('d'), [0.1]);
  assert.deepEqual(values('empty'), []);
  assert.deepEqual(values('a'), [3]);
  assert.deepEqual(values('b'), [1.5, -2]);
  assert.deepEqual(values('u32'), [0xffff_ffff]);
  assert.deepEqual(values('i32'), [-2]);
  assert.deepEqual(values('h'), [1]);
  assert.deepEqual(values('10'), [1, 2, 3]);
  assert.deepEqual(values('u16'), [0xffff]);
  assert.deepEqual(values('i16'), [-2]);
  assert.deepEqual(values('i'), [-1]);
  assert.deepEqual(values('u'), [255]);
  assert.deepEqual(values('flags'), [1, 0, 1]);
  assert.deepEqual(tensors.get('empty')?.shape, [0, 4]);
  const written = writeSafetensors({ metadata, tensors: [...tensors.values()].reverse() });
  assert.deepEqual(new Uint8Array(written), reference);
});

test('a file without tensors is a file', () => {
  assert.equal(readSafetensors(writeSafetensors({ tensors: [] })).tensors.size, 0);
  assert.equal(readSafetensors(rawFile('{}')).tensors.size, 0);
});

test('what cannot be read back is not written', () => {
  const x: Tensor = { name: 'x', dtype: 'F32', shape: [2], data: new Uint8Array(8) };
  const write =
    (...tensors: Tensor[]) =>
    () =>
      writeSafetensors({ tensors });
  refuses(write({ ...x, shape: [3] }), 'internal', '"x"', '12 bytes', '8');
  refuses(write({ ...x, shape: [-2] }), 'internal', '"x"');
  refuses(write(x, x), 'internal', '"x" twice');
  refuses(write({ ...x, name: '__proto__' }), 'internal', '__proto__');
  refuses(write({ ...x, name: '__metadata__' }), 'internal', 'metadata');
  refuses(write({ ...x, name: '\ud800' }), 'internal', 'lone surrogate');
  refuses(() => writeSafetensors({ metadata: { title: 'half \udc00' }, tensors: [] }), 'internal', 'lone surrogate');
});

const fixtures = 'test/fixtures';

test('files by other writers: token tables', async () => {
  const voices = readSafetensors(await readData('safetensors/voices.safetensors'));
  const tokens = voices.tensors.get('tokens');
  const mask = voices.tensors.get('mask');
  assert.ok(tokens && mask);
  assert.deepEqual([tokens.dtype, tokens.shape, mask.dtype, mask.shape], ['I64', [1, 982, 33], 'U8', [1, 982, 33]]);
  assert.equal(asInt32(tokens).length, 982 * 33);
  assert.deepEqual([...new Set(asInt32(mask))].sort(), [0, 1]);

  const codes = readSafetensors(await readData('safetensors/jfk-codes.safetensors')).tensors.get('codes');
  assert.ok(codes);
  assert.deepEqual(codes.shape, [1, 2, 828]);
  assert.deepEqual([...asInt32(codes)], [...asFloat64(codes)]);
});

test('files by other writers: golden cases', async () => {
  const names = (await readdir(fixtures)).filter((name) => name.endsWith('.safetensors'));
  assert.ok(names.length > 0, `no fixtures in ${fixtures}`);
  for (const name of names) {
    const { metadata, tensors } = readSafetensors(await readFile(join(fixtures, name)));
    assert.ok(metadata['case'], `${name} names its case`);
    for (const tensor of tensors.values()) {
      assert.ok(asFloat64(tensor).every(Number.isFinite), `${name}: ${tensor.name} is finite`);
    }
  }
});
