import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { huggingFaceTokenizer } from '../../../bench/peers/hugging-face.js';
import { readBpe, writeBpe, type BpeSpec } from '../../../core/bpe.js';
import { parseTokenizerSpec } from '../../../core/tokenizer.js';
import { readMergesFiles } from '../../../worker/files/merges-files.js';
import { writeTokenizerJson } from '../../../worker/files/tokenizer-json.js';
import { createTokenizer } from '../../../worker/text/tokenizers.js';
import { readData } from '../../data.js';
import { refuses } from '../../files/refuses.js';
import { builds, textModule } from './modules.js';
import { referenceEncoder } from './reference-bpe.js';
import { learn, troubledBytes, troubledText } from './texts.js';

const gpt2 = readMergesFiles(
  (await readData('gpt2-bpe/vocab.bpe')).toString(),
  (await readData('gpt2-bpe/encoder.json')).toString(),
);

/** Letters, half of which are joined somehow: long chains, runs, and pairs that make one token in two ways. */
const small = learn(
  textModule,
  { kind: 'bpe', vocabularySize: 512 },
  'aaaa aaaaaa bababa abcabcabc cabcab the sea was calm 🦓🦓 真谛 真谛 '.repeat(5),
);
assert.ok(small.kind === 'bpe');
const specs: Readonly<Record<string, BpeSpec>> = { 'GPT-2': gpt2, small };

interface Vector {
  readonly name: string;
  readonly text: string;
  readonly ids: readonly number[];
}

function isVectors(file: unknown): file is { readonly vectors: readonly Vector[] } {
  return typeof file === 'object' && file !== null && 'vectors' in file && Array.isArray(file.vectors);
}

async function readVectors(): Promise<readonly Vector[]> {
  const file: unknown = JSON.parse((await readData('gpt2-bpe/gpt2-vectors.json')).toString());
  assert.ok(isVectors(file));
  return file.vectors;
}

test('GPT-2’s vocabulary gives the ids that others state', async () => {
  const tokenizer = createTokenizer(textModule, gpt2);
  assert.equal(tokenizer.size, 50_257);
  const vectors = await readVectors();
  assert.ok(vectors.length >= 13);
  for (const { name, text, ids } of vectors) {
    assert.deepEqual([...tokenizer.encode(text)], ids, name);
    assert.equal(tokenizer.decode(Int32Array.from(ids)), text, name);
  }
});

for (const { name, module } of builds) {
  describe(name, () => {
    for (const [vocabulary, spec] of Object.entries(specs)) {
      test(`${vocabulary}: any bytes come back as they were`, () => {
        const tokenizer = createTokenizer(module, spec);
        fc.assert(
          fc.property(troubledBytes, (bytes) => {
            assert.deepEqual(tokenizer.decodeBytes(tokenizer.encode(bytes)), bytes);
          }),
          { numRuns: 500 },
        );
      });

      test(`${vocabulary}: the ids are those of the definition`, () => {
        const tokenizer = createTokenizer(module, { ...spec, specials: [], ...(spec.specials && { ids: undefined }) });
        const reference = referenceEncoder(readBpe(writeBpe({ ...readBpe(spec), specials: [], ids: plainIds(spec) })));
        fc.assert(
          fc.property(troubledText, (text) => {
            fc.pre(!/[\p{Surrogate}\p{Cn}]/u.test(text));
            assert.deepEqual([...tokenizer.encode(text)], reference.encode(text));
          }),
          { numRuns: 150 },
        );
      });
    }

    test('pieces of any length, on both sides of what is searched through and what is cached', () => {
      const tokenizer = createTokenizer(module, small);
      const reference = referenceEncoder(readBpe(small));
      const piece = fc.string({ unit: fc.constantFrom(...'aabc'), minLength: 1, maxLength: 300, size: 'max' });
      fc.assert(
        fc.property(piece, (text) => {
          assert.deepEqual([...tokenizer.encode(text)], reference.encode(text));
          assert.deepEqual(tokenizer.encode(text), tokenizer.encode(text), 'from the cache');
        }),
        { numRuns: 300 },
      );
    });
  });
}

function plainIds(spec: BpeSpec): Uint16Array {
  return Uint16Array.from({ length: 256 + readBpe(spec).merges.length / 2 }, (_, i) => i);
}

test('what is written loads in @huggingface/tokenizers, and has the same ids there', () => {
  for (const spec of [gpt2, learned('<|endoftext|>', '<|end')]) {
    const theirs = huggingFaceTokenizer(writeTokenizerJson(spec));
    const ours = createTokenizer(textModule, spec);
    fc.assert(
      fc.property(troubledText, (given) => {
        // Of white space it has JavaScript's idea, where GPT-2, and Hugging Face's own engine, have Unicode's.
        const text = given.replace(/[\p{Surrogate}\p{Cn}\u0085\ufeff]/gu, '');
        assert.deepEqual([...ours.encode(text)], theirs(text));
      }),
      { numRuns: 300 },
    );
  }
});

function learned(...specials: string[]): BpeSpec {
  const spec = learn(textModule, { kind: 'bpe', vocabularySize: 600, specials }, 'the end of the text '.repeat(9));
  assert.ok(spec.kind === 'bpe');
  return spec;
}

test('a special text is one token wherever it stands, the longest of those that begin there', () => {
  const tokenizer = createTokenizer(textModule, gpt2);
  assert.deepEqual([...tokenizer.encode('a<|endoftext|><|endoftext|> b')], [64, 50256, 50256, 275]);
  assert.deepEqual([...tokenizer.encode('<|endoftext')], referenceEncoder(readBpe(gpt2)).encode('<|endoftext'));
  const two = createTokenizer(textModule, learned('<|end', '<|endoftext|>'));
  const [end, text] = [two.size - 2, two.size - 1];
  assert.deepEqual([...two.encode('<|end<|endoftext|><|end<')], [end, text, end, 27]);
  assert.equal(two.decode(Int32Array.of(end, text)), '<|end<|endoftext|>');
});

test('a megabyte of one letter does not hang, and comes back', () => {
  const tokenizer = createTokenizer(textModule, gpt2);
  const text = 'a'.repeat(2 ** 20);
  const ids = tokenizer.encode(text);
  assert.equal(ids.length, 2 ** 18, 'aaaa is a token of GPT-2');
  assert.equal(tokenizer.decode(ids), text);
  assert.ok(tokenizer.bytes < 64 * 2 ** 20);
});

test('as tokens come, no half of a character is shown, whatever they are', () => {
  const tokenizer = createTokenizer(textModule, gpt2);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (given) => {
      const text = given.replace(/\p{Surrogate}/gu, '');
      const decoder = tokenizer.decoder();
      const shown = [...tokenizer.encode(text)].map((id) => decoder.push(id));
      for (const piece of shown)
        assert.equal(piece.includes('\ufffd'), text.includes('\ufffd') && piece.includes('\ufffd'));
      assert.equal(shown.join('') + decoder.end(), text);
    }),
    { numRuns: 300 },
  );
  assert.equal(tokenizer.decode(Int32Array.of(-1, 50_257, 64)), '\ufffd\ufffda');
});

test('vocabularies that are broken are refused', () => {
  const halfWords = (...values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer).toString('base64');
  const broken = (change: object, ...patterns: (RegExp | string)[]) =>
    refuses(() => parseTokenizerSpec({ kind: 'bpe', merges: halfWords(1, 2), ...change }), 'model-file', ...patterns);
  broken({ merges: '?' }, 'Base64');
  broken({ merges: halfWords(1, 2, 3) }, 'at most 65536');
  broken({ merges: Buffer.from([1, 2, 3]).toString('base64') }, /merge|tokens/);
  broken({ merges: halfWords(1, 256) }, 'merge 0', 'not there yet');
  broken({ merges: Buffer.alloc(4 * 65_300).toString('base64') }, 'at most 65536');
  broken({ ids: halfWords(1, 2) }, 'ids for 2');
  broken({ ids: halfWords(...Array.from({ length: 257 }, (_, i) => i + 1)) }, 'do not count from 0');
  broken({ specials: [''] }, 'not empty');
  broken({ specials: ['a b'] }, 'white space');
  // Each joins the one before it with itself: 2 to the power of 60 bytes.
  const doubling = halfWords(...Array.from({ length: 60 }, (_, i) => [i && 255 + i, i && 255 + i]).flat());
  broken({ merges: doubling }, 'too long');
  const two = halfWords(...Array.from({ length: 257 }, (_, i) => (i === 256 ? 3 : i)));
  broken({ ids: two }, 'have the id 3');
});
