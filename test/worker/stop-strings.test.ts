import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StopStrings } from '../../worker/stop-strings.js';

function feed(stops: readonly string[], pieces: readonly string[]): { text: string; met: boolean } {
  const search = new StopStrings(stops);
  let text = '';
  for (const piece of pieces) {
    const found = search.push(piece);
    text += found.text;
    if (found.met) return { text, met: true };
  }
  return { text: text + search.end(), met: false };
}

test('a stop string is met across pieces and never shown', () => {
  assert.deepEqual(feed(['END'], ['one E', 'N', 'D two']), { text: 'one ', met: true });
  assert.deepEqual(feed(['\n\n'], ['a\n', 'b\n', '\nc']), { text: 'a\nb', met: true });
});

test('what only looked like one is shown in the end', () => {
  assert.deepEqual(feed(['END'], ['E', 'N', 'E', 'EN']), { text: 'ENEEN', met: false });
});

test('the earliest of several wins', () => {
  assert.deepEqual(feed(['world', 'lo'], ['hel', 'lo wor', 'ld']), { text: 'hel', met: true });
});

test('pieces make no difference', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  const stop = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(letters), fc.array(stop, { maxLength: 2 }), (pieces, stops) => {
      const whole = pieces.join('');
      const at = stops.map((each) => whole.indexOf(each)).filter((index) => index >= 0);
      // Where two stop strings overlap, the one that is complete first ends the text.
      const ends = stops
        .map((each) => whole.indexOf(each) + each.length)
        .filter((_, i) => whole.includes(stops[i] ?? ''));
      const shown = feed(stops, [...whole]);
      assert.equal(shown.met, at.length > 0);
      if (at.length === 0) assert.equal(shown.text, whole);
      else assert.ok(whole.startsWith(shown.text) && shown.text.length < Math.min(...ends));
    }),
  );
});
