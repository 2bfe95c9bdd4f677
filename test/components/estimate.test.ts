import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countParameters, expectedTokens, expectedVocabulary } from '../../components/estimate.js';
import { languageModelLayout } from '../../core/parameters.js';
import { isSizePreset, presetConfig, sizePresets } from '../../core/presets.js';

test('the learned numbers of every preset are those of its layout', () => {
  for (const size of Object.keys(sizePresets).filter(isSizePreset)) {
    for (const vocabulary of [2, 70, 4096, 65_536]) {
      assert.equal(countParameters(size, vocabulary), languageModelLayout(presetConfig(size, vocabulary)).count, size);
    }
  }
});

test('a short text gives a small vocabulary, a long one what was asked for', () => {
  const bpe = { kind: 'bpe', vocabularySize: null } as const;
  assert.equal(expectedVocabulary(bpe, 0), 4096);
  assert.equal(expectedVocabulary(bpe, 8000), 356);
  assert.equal(expectedVocabulary(bpe, 10_000_000), 4096);
  assert.equal(expectedVocabulary({ kind: 'bpe', vocabularySize: 600 }, 10_000_000), 600);
  assert.equal(expectedVocabulary({ kind: 'characters', vocabularySize: null }, 50), 70);
  assert.equal(expectedTokens('bpe', 3500), 1000);
});
