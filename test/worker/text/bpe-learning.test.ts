import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBpe } from '../../../core/bpe.js';
import { tokenizerSize } from '../../../core/tokenizer.js';
import { writeMergesFiles } from '../../../worker/files/merges-files.js';
import { learnTokenizer } from '../../../worker/text/learning.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { createTokenizer } from '../../../worker/text/tokenizers.js';
import { readData } from '../../data.js';
import { refuses } from '../../files/refuses.js';
import { builds, textModule } from './modules.js';
import { learnMerges } from './reference-bpe.js';
import { learn } from './texts.js';

function mergesOf(module: WebAssembly.Module, text: string | Uint8Array, vocabularySize: number): Uint16Array {
  const spec = learn(module, { kind: 'bpe', vocabularySize }, text);
  assert.ok(spec.kind === 'bpe');
  return readBpe(spec).merges;
}

/** Few letters, so that counts are often equal and runs are long. */
const fewLetters = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.constantFrom(...'aab é'), maxLength: 12 }),
      fc.constantFrom(' the', ' sea', '\n', '  ', 'aaaaaaa', '🦓🦓'),
    ),
    { maxLength: 60, size: 'max' },
  )
  .map((parts) => parts.join(''));

for (const { name, module } of builds) {
  test(`${name}: the merges are those of counting anew after each`, () => {
    fc.assert(
      fc.property(fewLetters, (text) => {
        assert.deepEqual([...mergesOf(module, text, 512)], learnMerges(text, 256));
      }),
      { numRuns: 60 },
    );
  });
}

/**
 * SHA-256 of the 4,096 lines that Hugging Face's BpeTrainer (tokenizers 0.23.2) learns from tinyshakespeare, given as one
 * text: ByteLevel(add_prefix_space=False), its alphabet to begin with, vocab_size 4352, min_frequency 2.
 */
const theirMerges = 'a1026f7333541b211b00772b76ed79f7d0bd30276ec46bc1d831196fb5e91d3e';

test('tinyshakespeare: 4,096 merges, in the order of Hugging Face’s trainer', async () => {
  const text = await readData('tinyshakespeare/input.txt');
  const spec = learn(textModule, { kind: 'bpe', vocabularySize: 256 + 4096 }, text);
  assert.ok(spec.kind === 'bpe');
  const [version, ...lines] = writeMergesFiles(spec).merges.trimEnd().split('\n');
  assert.equal(version, '#version: 0.2');
  assert.equal(lines.length, 4096);
  assert.equal(createHash('sha256').update(lines.join('\n')).digest('hex'), theirMerges);
  const tokenizer = createTokenizer(textModule, spec);
  const ids = tokenizer.encode(text);
  assert.deepEqual(Buffer.from(tokenizer.decodeBytes(ids)), text);
  assert.ok(text.length / ids.length > 3);
});

test('a short text has fewer merges than were asked for: none of what occurs once', () => {
  const spec = learn(textModule, 'bpe', 'abab cdcd xyz');
  assert.equal(tokenizerSize(spec), 256 + 2, 'ab and cd');
  assert.equal(tokenizerSize(learn(textModule, 'bpe', '')), 256);
});

test('learning keeps no memory, and no token is longer than 512 bytes', () => {
  const memory = new TextMemory(textModule);
  const block = memory.takeText('a'.repeat(60_000) + ' the sea'.repeat(500));
  const before = memory.used;
  for (const kind of ['bpe', 'words', 'characters'] as const) {
    const spec = learnTokenizer(memory, kind, block);
    assert.equal(memory.used, before, kind);
    if (spec.kind === 'bpe') assert.equal(createTokenizer(textModule, spec).encode('a'.repeat(1024)).length, 2);
  }
});

test('more different words than there is room for: the rarest go, and what is frequent is learned', () => {
  const rare = (part: number) =>
    Array.from({ length: 40_000 }, (_, i) => ` ${(part * 40_000 + i).toString(36)}-${'x'.repeat(60)}`);
  const memory = new TextMemory(textModule);
  const text = Array.from({ length: 6 }, (_, part) => ` lighthouse lighthouse${rare(part).join('')}`).join('');
  const block = memory.takeText(text);
  const spec = learnTokenizer(memory, { kind: 'words', vocabularySize: 20 }, block);
  assert.ok(spec.kind === 'words');
  assert.equal(spec.words.split(' ')[0], 'lighthouse');
  assert.ok(memory.held < block.bytes + 64 * 2 ** 20, `${memory.held} bytes`);
});

test('settings out of their range are refused', () => {
  const refused = (request: object, ...patterns: (RegExp | string)[]) =>
    // A page's script is not held to the types.
    refuses(
      () => learn(textModule, Object.assign({ kind: 'bpe' as const }, request), 'text'),
      'invalid-option',
      ...patterns,
    );
  refused({ vocabularySize: 511 }, 'vocabularySize', 'from 512 to 32,768', 'got 511');
  refused({ vocabularySize: 40_000 }, '32,768');
  refused({ specials: ['a b'] }, 'specials', 'white space');
  refused({ kind: 'syllables' }, "'characters', 'bytes', 'bpe' or 'words'");
  refused({ kind: 'characters', vocabularySize: 600 }, 'vocabularySize');
});
