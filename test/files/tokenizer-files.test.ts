/** Tokenizers in the files of other tools: out and in again, and what they ask for that cannot be done. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { BpeSpec } from '../../core/bpe.js';
import { AdaptiveError } from '../../core/errors.js';
import { readMergesFiles, writeMergesFiles } from '../../worker/files/merges-files.js';
import { readTokenizerJson, writeTokenizerJson } from '../../worker/files/tokenizer-json.js';
import { isWordsFile, readWordsFile, writeWordsFile } from '../../worker/files/words-file.js';
import { createTokenizer } from '../../worker/text/tokenizers.js';
import { readData } from '../data.js';
import { textModule } from '../worker/text/modules.js';
import { learn } from '../worker/text/texts.js';
import { refuses } from './refuses.js';

const verse = 'the sea was calm, the light turned slowly over the water; '.repeat(4);

function learned(...specials: string[]): BpeSpec {
  const spec = learn(textModule, { kind: 'bpe', vocabularySize: 512, specials }, verse);
  assert.ok(spec.kind === 'bpe');
  return spec;
}

const sound = learned('<|endoftext|>', '__proto__');

describe('out and in again', () => {
  for (const [name, spec] of Object.entries({ 'with special texts': sound, without: learned() })) {
    test(name, () => {
      assert.deepEqual(readTokenizerJson(writeTokenizerJson(spec)), spec);
      const { merges, encoder } = writeMergesFiles(spec);
      assert.deepEqual(readMergesFiles(merges, encoder), spec);
      assert.deepEqual(readMergesFiles(merges.replaceAll('\n', '\r\n').replace(/^#.*\r\n/, ''), encoder), spec);
    });
  }

  test('GPT-2’s own, by both ways; without encoder.json the ids are those of the order', async () => {
    const merges = (await readData('gpt2-bpe/vocab.bpe')).toString();
    const encoder = (await readData('gpt2-bpe/encoder.json')).toString();
    const spec = readMergesFiles(merges, encoder);
    assert.equal(spec.ids, undefined, 'its ids are in order');
    assert.deepEqual(spec.specials, ['<|endoftext|>']);
    assert.deepEqual(readTokenizerJson(writeTokenizerJson(spec)), spec);
    assert.deepEqual(JSON.parse(writeMergesFiles(spec).encoder), JSON.parse(encoder));
    assert.equal(writeMergesFiles(spec).merges, merges);
    assert.deepEqual({ ...readMergesFiles(merges, null), specials: spec.specials }, spec);
  });

  test('ids in any order, as of a trainer that has special tokens first', () => {
    const json = parsed(learned('<s>'));
    const last = Object.keys(json.model.vocab).length - 1;
    for (const token of Object.keys(json.model.vocab)) {
      json.model.vocab[token] = ((json.model.vocab[token] ?? 0) + 1) % (last + 1);
    }
    for (const token of json.added_tokens) token.id = (token.id + 1) % (last + 1);
    const spec = readTokenizerJson(JSON.stringify(json));
    assert.ok(spec.ids !== undefined);
    const shifted = createTokenizer(textModule, spec);
    const plain = createTokenizer(textModule, learned('<s>'));
    assert.deepEqual(
      [...shifted.encode(`${verse}<s>`)],
      [...plain.encode(`${verse}<s>`)].map((id) => (id + 1) % (last + 1)),
    );
    assert.equal(shifted.decode(shifted.encode(`<s>${verse}`)), `<s>${verse}`);
    assert.deepEqual(readTokenizerJson(writeTokenizerJson(spec)), spec);
  });

  test('merges as pairs, and two that make one token', () => {
    const json = parsed(learned());
    const vocab = { ...letters(json), ab: 256, bc: 257, abc: 258 };
    const merges = [
      ['b', 'c'],
      ['a', 'b'],
      ['a', 'bc'],
      ['ab', 'c'],
    ];
    const spec = readTokenizerJson(JSON.stringify({ ...json, model: { ...json.model, vocab, merges } }));
    const tokenizer = createTokenizer(textModule, spec);
    assert.deepEqual([...tokenizer.encode('abc'), ...tokenizer.encode('ab')], [258, 256]);
    assert.equal(tokenizer.size, 259);
    assert.equal(tokenizer.decode(Int32Array.of(258, 257)), 'abcbc');
  });

  test('words, one a line', () => {
    const text = writeWordsFile('the sea');
    assert.equal(text, '<unk>\n<eos>\nthe\nsea\n');
    assert.ok(isWordsFile(text));
    assert.deepEqual(readWordsFile(text), { kind: 'words', words: 'the sea' });
    refuses(() => readWordsFile('<unk>\n<eos>\nthe\nthe\n'), 'model-file', 'differ');
    refuses(() => readWordsFile('<unk>\n<eos>\n'), 'model-file', 'words');
  });
});

interface Json {
  added_tokens: { id: number; content: string; [flag: string]: unknown }[];
  model: { vocab: Record<string, number>; merges: unknown[]; [part: string]: unknown };
  [part: string]: unknown;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'model' in value;
}

function parsed(spec: BpeSpec): Json {
  const json: unknown = JSON.parse(writeTokenizerJson(spec));
  assert.ok(isJson(json));
  return json;
}

/** The 256 of the bytes. */
function letters(json: Json): Record<string, number> {
  return Object.fromEntries(Object.entries(json.model.vocab).filter(([, id]) => id < 256));
}

describe('what cannot be honoured is refused by its name', () => {
  const refused = (change: object, ...patterns: (RegExp | string)[]) =>
    refuses(() => readTokenizerJson(JSON.stringify({ ...parsed(sound), ...change })), 'model-file', ...patterns);
  const inModel = (change: object, ...patterns: (RegExp | string)[]) =>
    refused({ model: { ...parsed(sound).model, ...change } }, ...patterns);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: true };

  test('other parts', () => {
    refused({ normalizer: { type: 'NFC' } }, 'the normalizer "NFC"');
    refused({ normalizer: { type: 'Sequence', normalizers: [{ type: 'Lowercase' }] } }, 'normalizer "Sequence"');
    refused({ pre_tokenizer: null }, 'no pre_tokenizer');
    refused({ pre_tokenizer: { type: 'Whitespace' } }, 'the pre_tokenizer "Whitespace"');
    refused({ pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, byteLevel] } }, '"Sequence"');
    refused({ pre_tokenizer: { ...byteLevel, add_prefix_space: true } }, 'add_prefix_space');
    refused({ pre_tokenizer: { ...byteLevel, use_regex: false } }, 'without its regular expression');
    refused({ decoder: { type: 'WordPiece' } }, 'the decoder "WordPiece"');
    refused({ post_processor: { type: 'TemplateProcessing' } }, 'the post_processor "TemplateProcessing"');
    refused({ truncation: { max_length: 512 } }, 'truncation');
    refused({ padding: { strategy: 'BatchLongest' } }, 'padding');
    inModel({ type: 'WordPiece' }, 'a model of the type WordPiece');
    inModel({ dropout: 0.1 }, 'dropout');
    inModel({ ignore_merges: true }, 'ignore_merges');
    inModel({ continuing_subword_prefix: '##' }, 'continuing_subword_prefix');
    inModel({ end_of_word_suffix: '</w>' }, 'end_of_word_suffix');
    const one = { pre_tokenizer: { type: 'Sequence', pretokenizers: [byteLevel] } };
    assert.deepEqual(readTokenizerJson(JSON.stringify({ ...parsed(sound), ...one })), sound);
  });

  test('added tokens that stretch or have white space', () => {
    const token = { id: 0, content: '!', single_word: false, lstrip: false, rstrip: false };
    refused({ added_tokens: [{ ...token, lstrip: true }] }, 'lstrip of the added token "!"');
    refused({ added_tokens: [{ ...token, rstrip: true }] }, 'rstrip');
    refused({ added_tokens: [{ ...token, single_word: true }] }, 'single_word');
    refused({ added_tokens: [{ ...token, content: '<a b>' }] }, '"<a b>"');
    refused({ added_tokens: [{ ...token, content: '' }] }, 'the added token ""');
    refused({ added_tokens: [{ ...token, id: 7 }] }, 'the id 7, and in the vocabulary 0');
    refused({ added_tokens: [{ id: 3 }] }, 'an id and its content');
    refused({ added_tokens: 'none' }, 'a list');
  });

  test('a vocabulary or merges that do not fit', () => {
    const { vocab, merges } = parsed(sound).model;
    const { Ġ: space, ...without } = vocab;
    assert.equal(space, 220);
    inModel({ vocab: without }, 'lacks "Ġ"', 'stands for a byte');
    inModel({ vocab: { ...vocab, whale: 400 } }, 'no merge makes', '"whale"');
    inModel({ vocab: { ...vocab, '!': 1 } }, 'do not count from 0 to');
    inModel({ vocab: { ...vocab, '!': 65_536 } }, '65536');
    inModel({ vocab: { ...vocab, '!': 1.5 } }, '1.5');
    inModel({ vocab: { ...vocab, '!': '0' } }, 'the id of "!" should be a number');
    inModel({ vocab: [] }, 'model.vocab');
    inModel({ merges: [...merges].reverse() }, 'made by no merge before it');
    inModel({ merges: merges.slice(1) }, /makes|made by no merge/);
    inModel({ merges: ['a'] }, 'merge 1', '"a"');
    inModel({ merges: [['a', 'b', 'c']] }, 'merge 1');
    inModel({ merges: 3 }, 'model.merges');
    refused({ model: null }, 'a model');
    refuses(() => readTokenizerJson('{"model":'), 'model-file', 'not valid JSON');
    refuses(() => readTokenizerJson('[]'), 'model-file', 'a model');
    refuses(() => readMergesFiles('a b c\n', null), 'model-file', 'merge 1', '"a b c"');
    refuses(() => readMergesFiles('a b\n', '{"a":'), 'model-file', 'not valid JSON');
    refuses(() => readMergesFiles('a b\n', '[]'), 'model-file', 'JSON object');
    refuses(() => readMergesFiles('a b\n'.repeat(65_300), null), 'model-file', '65,556');
  });

  test('a token that doubles itself again and again', () => {
    const merges: string[] = [];
    const tokens = ['a'];
    for (let token = 'a'; token.length < 2 ** 15; token += token) {
      merges.push(`${token} ${token}`);
      tokens.push(token + token);
    }
    const grown = Array.from({ length: 600 }, (_, i) => `${'a'.repeat(2 ** 15)}${i > 0 ? 'b'.repeat(i) : ''} b`);
    refuses(() => readMergesFiles([...merges, ...grown].join('\n'), null), 'model-file', 'too long');
  });
});

test('files broken anywhere are read or refused, and nothing else', () => {
  const files = [writeTokenizerJson(sound), writeMergesFiles(sound).merges, writeMergesFiles(sound).encoder] as const;
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    insert: fc.string({ maxLength: 6 }),
  });
  const broken = (text: string, { at, cut, insert }: { at: number; cut: number; insert: string }) => {
    const from = Math.floor(at * text.length);
    return text.slice(0, from) + insert + text.slice(from + cut);
  };
  const readers = [
    (json: string) => readTokenizerJson(json),
    (merges: string) => readMergesFiles(merges, files[2]),
    (encoder: string) => readMergesFiles(files[1], encoder),
  ];
  fc.assert(
    fc.property(fc.nat(2), fc.array(change, { minLength: 1, maxLength: 3 }), (which, changes) => {
      try {
        const spec = readers[which]?.(changes.reduce(broken, files[which] ?? ''));
        assert.ok(spec);
        const tokenizer = createTokenizer(textModule, spec);
        assert.equal(tokenizer.decode(tokenizer.encode(verse)), verse);
      } catch (error) {
        assert.ok(error instanceof AdaptiveError, String(error));
        assert.equal(error.code, 'model-file');
      }
    }),
    { numRuns: 400 },
  );
});
