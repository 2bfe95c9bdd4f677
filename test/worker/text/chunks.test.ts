/** A text in chunks has the ids that it has in one go, whatever the tokenizer and wherever it is cut. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TokenizerSpec } from '../../../core/tokenizer.js';
import { Encoding } from '../../../worker/text/encoding.js';
import { learner } from '../../../worker/text/learning.js';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { builds, textModule } from './modules.js';
import { learn, troubledBytes } from './texts.js';

const verse =
  'the sea was calm, and the light’s turn wasn’t slow.\n\n  It turned:\u00a0 über the waters ½ 12 🦓 真谛 真谛\n';
const specs: readonly TokenizerSpec[] = [
  { kind: 'bytes' },
  learn(textModule, 'characters', verse),
  learn(textModule, { kind: 'bpe', vocabularySize: 512, specials: ['<|endoftext|>', '<|end'] }, verse.repeat(3)),
  learn(textModule, 'words', verse),
];

function encode(encoding: Encoding, memory: TextMemory, bytes: Uint8Array): number[] {
  const text = memory.takeText(bytes);
  const ids = memory.take(2 * bytes.length);
  const count = encoding.encode(text, ids);
  return [...memory.halfWords(ids).subarray(0, count)];
}

for (const { name, module } of builds) {
  test(`${name}: chunk by chunk, up to the last safe cut of what there is`, () => {
    for (const spec of specs) {
      fc.assert(
        fc.property(troubledBytes, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (bytes, sizes) => {
          const memory = new TextMemory(module);
          const encoding = new Encoding(memory, spec);
          const ids: number[] = [];
          let waiting = new Uint8Array(0);
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            waiting = Uint8Array.from([...waiting, ...bytes.subarray(at, at + size)]);
            at += size;
            const cut = encoding.safeCut(memory.takeText(waiting));
            assert.ok(cut >= 0 && cut <= waiting.length);
            ids.push(...encode(encoding, memory, waiting.subarray(0, cut)));
            waiting = waiting.subarray(cut);
          }
          ids.push(...encode(encoding, memory, waiting));
          assert.deepEqual(ids, encode(encoding, memory, bytes));
        }),
        { numRuns: 60 },
      );
    }
  });
}

test('there is a cut before the white space that follows something else, and none within words', () => {
  const memory = new TextMemory(textModule);
  const cut = (spec: TokenizerSpec, text: string) => new Encoding(memory, spec).safeCut(memory.takeText(text));
  const [bytes, characters, bpe, words] = specs;
  assert.ok(bytes && characters && bpe && words);
  for (const spec of [bpe, words]) {
    assert.equal(cut(spec, 'the sea  and'), 7);
    assert.equal(cut(spec, 'the sea  '), 7);
    assert.equal(cut(spec, '真 谛'), 3);
    assert.equal(cut(spec, 'a\u2003 b'), 0, 'the white space began before');
    assert.equal(cut(spec, '  sea'), 0);
    assert.equal(cut(spec, 'sea'), 0);
    assert.equal(cut(spec, ''), 0);
  }
  assert.equal(cut(bytes, 'sea'), 3);
  assert.equal(cut(characters, 'sea'), 3);
});

test('learning from chunks is learning from the whole', () => {
  const text = new TextEncoder().encode(verse.repeat(40));
  for (const request of ['characters', 'bpe', 'words'] as const) {
    const memory = new TextMemory(textModule);
    const learning = learner(memory, request);
    let waiting = text.subarray(0, 0);
    for (let at = 0; at < text.length; at += 77) {
      waiting = Uint8Array.from([...waiting, ...text.subarray(at, at + 77)]);
      const block = memory.takeText(waiting);
      const cut = learning.safeCut(block);
      learning.add({ address: block.address, bytes: cut });
      memory.giveBack(block);
      waiting = waiting.subarray(cut);
    }
    learning.add(memory.takeText(waiting));
    assert.deepEqual(learning.finish(), learn(textModule, request, text));
  }
});
