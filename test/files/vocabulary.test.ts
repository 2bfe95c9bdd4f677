/** Lists of tokens beside somebody else's model, and the model renumbered by them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeBpe } from '../../core/bpe.js';
import { languageModelLayout } from '../../core/parameters.js';
import { importModel } from '../../worker/files/exchange.js';
import { renumber } from '../../worker/files/renumber.js';
import { writeTokenizerJson } from '../../worker/files/tokenizer-json.js';
import { readVocabulary } from '../../worker/files/vocabulary.js';
import { fileOf, plainTensors } from './pytorch/state-dicts.js';
import { refuses } from './refuses.js';

const read = (text: string) => readVocabulary(new TextEncoder().encode(text));

test('characters as a JSON list, as an object of ids, and as lines', () => {
  const expected = { tokenizer: { kind: 'characters', alphabet: 'ab\n' }, size: 3, sources: [null, 0, 1, 2] };
  assert.deepEqual(read('["a", "b", "\\n"]'), expected);
  assert.deepEqual(read('{"\\n": 2, "a": 0, "b": 1}'), expected);
  assert.deepEqual(read('a\nb\nc\n').tokenizer, { kind: 'characters', alphabet: 'abc' });
  assert.deepEqual(read('a\r\n😀\r\n').tokenizer, { kind: 'characters', alphabet: 'a😀' });
  assert.deepEqual(
    read('[\n{\n').tokenizer,
    { kind: 'characters', alphabet: '[{' },
    'lines, although they look like JSON',
  );
});

test('a token for what is unknown is ours, wherever it is', () => {
  assert.deepEqual(read('["a", "<unk>", "b"]').sources, [1, 0, 2]);
  assert.deepEqual(read('a\nb\n[UNK]\n').sources, [2, 0, 1]);
});

test('words, with what is unknown and the end of a line where ours are', () => {
  const words = { kind: 'words', words: 'the cat sat' };
  assert.deepEqual(read('the\n<eos>\ncat\n<unk>\nsat\n'), { tokenizer: words, size: 5, sources: [3, 1, 0, 2, 4] });
  assert.deepEqual(read('["</s>", "the", "cat", "sat"]'), { tokenizer: words, size: 4, sources: [null, 0, 1, 2, 3] });
  assert.deepEqual(read('a\nthe\n').sources, [null, null, 0, 1]);
  refuses(() => read('["the", "the cat"]'), 'model-file', '"the cat"', 'tokenizer.json');
  refuses(() => read('the\n\ncat'), 'model-file', 'token ""');
});

test('a tokenizer.json gives the ids that it has', () => {
  const spec = writeBpe({
    merges: Uint16Array.of(1, 2, 256, 3),
    specials: ['<|endoftext|>'],
    ids: Uint16Array.from({ length: 259 }, (_, id) => id),
  });
  const { tokenizer, size, sources } = read(writeTokenizerJson(spec));
  assert.deepEqual(tokenizer, spec);
  assert.deepEqual([size, sources[0], sources[258]], [259, 0, 258]);
  refuses(() => read('{"model": {"type": "WordPiece"}}'), 'model-file', 'WordPiece');
});

test('lists that are none', () => {
  refuses(() => read(''), 'model-file', 'empty');
  refuses(() => read('["a", "a"]'), 'model-file', '"a" twice');
  refuses(() => read('["a", 1]'), 'model-file', 'Token 1');
  for (const ids of ['{"a": 0, "b": 2}', '{"a": 0, "b": 0}', '{"a": 0, "b": -1}', '{"a": "0"}', '{"a": 0.5}']) {
    refuses(() => read(ids), 'model-file', 'does not fit');
  }
  refuses(() => readVocabulary(Uint8Array.of(0xff, 0xfe)), 'model-file', 'UTF-8');
});

test('rows of embedding and decoder go with their tokens; an unknown one is read as the mean and not written', () => {
  const { config, parameters } = importModel(fileOf(plainTensors({ vocabulary: 256, embedding: 3, hidden: [4] })));
  const sources = [null, 7, 0, 255];
  const model = renumber({ config, parameters }, sources);
  assert.deepEqual(model.config, { ...config, vocabularySize: 4 });
  const [before, after] = [languageModelLayout(config), languageModelLayout(model.config)];
  const row = (from: Float32Array, offset: number, width: number, id: number) =>
    from.slice(offset + id * width, offset + (id + 1) * width);
  for (const name of ['embedding.weight', 'decoder.weight', 'decoder.bias']) {
    const [old, now] = [before.entry(name), after.entry(name)];
    const width = old.shape[1] ?? 1;
    sources.forEach((source, id) => {
      if (source === null) return;
      assert.deepEqual(row(model.parameters, now.offset, width, id), row(parameters, old.offset, width, source), name);
    });
  }
  const weights = before.entry('embedding.weight');
  const all = parameters.subarray(weights.offset, weights.offset + weights.size);
  const mean = all.reduce((sum, value, i) => sum + (i % 3 === 0 ? value : 0), 0) / 256;
  assert.ok(Math.abs((model.parameters[after.entry('embedding.weight').offset] ?? NaN) - mean) < 1e-6);
  const bias = model.parameters.subarray(after.entry('decoder.bias').offset).subarray(0, 4);
  assert.ok(bias.slice(1).every((value) => value > (bias[0] ?? NaN) + 15));
  const cell = before.entry('layers.0.cell.weight_hh');
  assert.deepEqual(
    model.parameters.slice(after.entry(cell.name).offset).subarray(0, cell.size),
    parameters.slice(cell.offset).subarray(0, cell.size),
  );
});
