/** What `<adaptive-complete>` makes of texts: words, their ends, and where each character came from. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Provenance, type Origin } from '../../components/complete/provenance.js';
import { divide } from '../../components/complete/suggester.js';
import { firstWords } from '../../components/complete/words.js';

describe('first words', () => {
  const cases: readonly (readonly [text: string, count: number, unfinished: boolean, first: string])[] = [
    [' be wound again', 2, true, ' be wound'],
    [' be wound', 2, true, ' be'],
    [' be wound', 2, false, ' be wound'],
    ['isn’t it, my lord', 2, true, 'isn’t it,'],
    ['ay. “Well”, he', 2, true, 'ay. “Well”,'],
    ['wou', 2, true, ''],
    ['!', 2, true, '!'],
    ['', 2, true, ''],
    ['日本語の勉強', 1, true, '日本語'],
  ];
  for (const [text, count, unfinished, first] of cases) {
    it(`of ${JSON.stringify(text)}: ${JSON.stringify(first)}`, () => {
      assert.equal(firstWords(text, count, unfinished), first);
    });
  }
});

describe('a text before its last word', () => {
  it('keeps the space with the word', () => {
    assert.deepEqual(divide('the lamp mu'), { text: 'the lamp', tail: ' mu' });
    assert.deepEqual(divide('the lamp '), { text: 'the lamp', tail: ' ' });
    assert.deepEqual(divide('the'), { text: '', tail: 'the' });
    assert.deepEqual(divide(''), { text: '', tail: '' });
  });
});

describe('provenance', () => {
  it('gives what was typed, once, and in pieces that end between words', () => {
    const provenance = new Provenance();
    provenance.update('SET BY THE PAGE', 'foreign');
    const written = `SET BY THE PAGE${' the lamp must be fed'.repeat(15)}`;
    provenance.update(written, 'typed');
    const [first = '', ...more] = provenance.take(false);
    assert.deepEqual(more, []);
    assert.ok(first.length > 150 && first.length <= 200, `${first.length}`);
    assert.match(first, /\s$/);
    assert.equal(first + provenance.take(true).join(''), ' the lamp must be fed'.repeat(15));
    assert.deepEqual(provenance.take(true), []);
  });

  it('learns suggestions only among what was typed', () => {
    const accepted = new Provenance();
    accepted.update('a', 'typed');
    accepted.update(`a${'b'.repeat(60)}`, 'accepted');
    assert.deepEqual(accepted.take(true), []);
    const mixed = new Provenance();
    mixed.update('a'.repeat(40), 'typed');
    mixed.update('a'.repeat(40) + 'b'.repeat(20), 'accepted');
    assert.deepEqual(mixed.take(true), ['a'.repeat(40) + 'b'.repeat(20)]);
  });

  it('never gives a character that was not typed, whatever is edited', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(30),
      length: fc.nat(60),
      origin: fc.constantFrom<Origin>('typed', 'foreign'),
      take: fc.boolean(),
    });
    let given = 0;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
        const provenance = new Provenance();
        let text = '';
        for (const { at, remove, length, origin, take } of edits) {
          const from = Math.floor(at * text.length);
          // Two alphabets, so that nothing of one can pass for the other.
          const added = (origin === 'typed' ? 'abc' : 'XYZ').repeat(length).slice(0, length);
          text = text.slice(0, from) + added + text.slice(from + remove);
          provenance.update(text, origin);
          for (const piece of provenance.take(take)) {
            given++;
            assert.match(piece, /^[abc]+$/);
            assert.ok(text.includes(piece));
          }
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(given > 100, `${given}`);
  });
});
