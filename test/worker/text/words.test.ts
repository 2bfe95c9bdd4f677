import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseTokenizerSpec, type TokenizerSpec } from '../../../core/tokenizer.js';
import { createTokenizer } from '../../../worker/text/tokenizers.js';
import { readData } from '../../data.js';
import { refuses } from '../../files/refuses.js';
import { builds, textModule } from './modules.js';
import { learn, troubledText } from './texts.js';

const sea: TokenizerSpec = { kind: 'words', words: 'the sea was calm' };

test('the published counts of PTB and WikiText-2', async () => {
  const corpora = [
    ['ptb/ptb.train.txt', 'ptb/ptb.valid.txt', 'ptb/ptb.test.txt', 10_000, [929_589, 73_760, 82_430]],
    ['wikitext-2/train.txt', 'wikitext-2/valid.txt', 'wikitext-2/test.txt', 33_278, [2_088_628, 217_646, 245_569]],
  ] as const;
  for (const [train, valid, held, types, counts] of corpora) {
    const texts = await Promise.all([train, valid, held].map(readData));
    const [first = Buffer.alloc(0)] = texts;
    const spec = learn(textModule, { kind: 'words', vocabularySize: 65_536 }, first);
    const tokenizer = createTokenizer(textModule, parseTokenizerSpec(JSON.parse(JSON.stringify(spec))));
    assert.equal(tokenizer.size, types);
    assert.deepEqual(
      texts.map((text) => tokenizer.encode(text).length),
      counts,
    );
  }
});

for (const { name, module } of builds) {
  describe(`${name}: words`, () => {
    test('every word, and every line feed, is a token', () => {
      const tokenizer = createTokenizer(module, sea);
      assert.equal(tokenizer.size, 6);
      assert.deepEqual([...tokenizer.encode('the\tsea  was\u2003calm\n\n the whale\n')], [2, 3, 4, 5, 1, 1, 2, 0, 1]);
      assert.deepEqual([...tokenizer.encode(' \r\n')], [1]);
      assert.deepEqual([...tokenizer.encode('')], []);
      assert.equal(tokenizer.countUnknown('the whale was <unk>'), 2);
      assert.deepEqual([...tokenizer.encode('<eos> <unk>')], [0, 0], 'what a text says itself is a word like others');
    });

    test('what is decoded is encoded the same', () => {
      fc.assert(
        fc.property(troubledText, (text) => {
          const tokenizer = createTokenizer(module, learn(module, 'words', `sea ${text}`));
          const ids = tokenizer.encode(text);
          assert.deepEqual(tokenizer.encode(tokenizer.decode(ids)), ids);
          const words = text.split(/\p{White_Space}+/u).filter((word) => word !== '');
          assert.equal(ids.length, words.length + text.split('\n').length - 1);
        }),
        { numRuns: 60 },
      );
    });
  });
}

test('decoding writes spaces between words, and line ends', () => {
  const tokenizer = createTokenizer(textModule, sea);
  assert.equal(tokenizer.decode(Int32Array.of(2, 3, 1, 0, 99, 1)), 'the sea\n<unk> \ufffd\n');
  const goesOn = (before: string) => tokenizer.decoder(before).push(3);
  assert.equal(goesOn('the'), ' sea');
  assert.equal(goesOn('the '), 'sea');
  assert.equal(goesOn('the\n'), 'sea');
  assert.equal(goesOn(''), 'sea');
  assert.deepEqual(tokenizer.decodeBytes(Int32Array.of(2, 3)), new TextEncoder().encode('the sea'));
});

test('the most frequent words are known, in order; equally frequent ones in the order of their letters', () => {
  const text = 'b b b a a c c d <unk> <unk> <unk> <unk> <eos> <eos> <eos>\n';
  const words = (request: object) => {
    const spec = learn(textModule, { kind: 'words', ...request }, text);
    return spec.kind === 'words' ? spec.words : '';
  };
  assert.equal(words({}), 'b a c d');
  assert.equal(words({ leastCount: 2 }), 'b a c');
  const many = Array.from({ length: 40 }, (_, i) => `w${i} `.repeat(40 - i)).join('');
  const spec = learn(textModule, { kind: 'words', vocabularySize: 16 }, many);
  assert.deepEqual(spec, { kind: 'words', words: Array.from({ length: 14 }, (_, i) => `w${i}`).join(' ') });
  refuses(() => learn(textModule, 'words', ' \n '), 'corpus-too-short', 'no words');
  refuses(() => words({ leastCount: 9 }), 'corpus-too-short', '9 times');
});

test('broken lists of words are refused', () => {
  for (const words of ['', 'a  b', ' a', 'a b a', 'a\nb', 'a\u00a0b']) {
    refuses(() => parseTokenizerSpec({ kind: 'words', words }), 'model-file', 'one space between them');
  }
});
