import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { HtmlText, htmlEncoding } from '../../../worker/corpus/html-text.js';

function textOf(html: string, size = Infinity): string {
  const filter = new HtmlText();
  let text = '';
  for (let at = 0; at < html.length; at += size) text += filter.push(html.slice(at, at + size)).join('');
  return text + filter.end().join('');
}

const cases: readonly (readonly [name: string, html: string, text: string])[] = [
  ['paragraphs', '<p>The sea</p><p>was  calm.\n', 'The sea\n\nwas calm.\n'],
  ['headings', '<h1>Sea</h1>It was calm.', 'Sea\n\nIt was calm.\n'],
  ['lists', '<ul><li>lamp<li>clock</ul>end', 'lamp\nclock\n\nend\n'],
  ['line breaks', 'one<br>two<br/><br>three', 'one\ntwo\n\nthree\n'],
  ['words in markup', 'the <b>s</b>ea <i>was</i>\ncalm', 'the sea was calm\n'],
  ['cells', '<table><tr><td>a<td>b</tr><tr><th>c</th></table>', 'a b\nc\n'],
  ['entities', '&lt;p&gt; &amp; &eacute;&#x1F30A;&#233; &nosuch; &amp', '<p> & é🌊é &nosuch; &\n'],
  ['scripts and styles', 'a<script>if (a < b) "</p>"</script><style>p > b {}</style>b', 'ab\n'],
  ['comments', 'a<!-- <p> -- > -->b<!element x>c<?php x ?>d', 'abcd\n'],
  ['a head without an end', '<head><title>T</title><body>sea', 'sea\n'],
  ['preformatted text', '<pre>a\n  b</pre>c', 'a\n  b\n\nc\n'],
  ['a quoted bracket', '<a title="a > b" href=x>sea</a>', 'sea\n'],
  ['brackets that are none', '1 < 2 and a<3', '1 < 2 and a<3\n'],
  ['tags out of order', '</p></b><i>sea</b></i></script>', 'sea\n'],
  ['templates and drawings', '<svg><text>x</text></svg><template>y</template>sea', 'sea\n'],
  ['a tag without an end', 'sea <b>was</b> calm<a href="x', 'sea was calm\n'],
  ['a tag that is only begun', 'sea <b/', 'sea\n'],
  ['a comment without an end', 'sea <!-- was', 'sea\n'],
  ['a script without an end', 'sea <script>was', 'sea\n'],
  ['nothing', '<html><body></body></html>', ''],
];

describe('HTML as text', () => {
  for (const [name, html, text] of cases) {
    test(name, () => {
      assert.equal(textOf(html), text);
      // The parser sees it in two pieces, wherever it is cut.
      for (let cut = 0; cut <= html.length; cut++) {
        const filler = 'x'.repeat(2 ** 16 - cut - 4);
        const begun = `${filler}<hr>${html}`;
        const expected = text === '' ? `${filler}\n` : `${filler}\n\n${text}`;
        assert.equal(textOf(begun), expected, `cut at ${cut}`);
      }
    });
  }

  test('no soup of tags lets a tag through, or breaks it', () => {
    const piece = fc.constantFrom(
      ...['<p>', '</p>', '<b', '>', '<', '/', 'sea ', '<!--', '-->', '"', '=', '<a href="', '&amp;', '&', '<br>', '\n'],
      ...['<script>', '</script>', '<pre>', '</pre>', '<![CDATA[', ']]>', '<td>', '</', '\0', '<?', '<!'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
        const html = pieces.join('');
        const text = textOf(html);
        assert.equal(textOf(html, size), text);
        assert.doesNotMatch(text, /<\/?(p|br|script|pre|td)>/);
      }),
      { numRuns: 500 },
    );
  });
});

test('a comment without an end is refused before it fills the memory', () => {
  const filter = new HtmlText();
  filter.push('<p>sea<!-- ');
  const comment = 'x'.repeat(2 ** 20);
  assert.throws(() => {
    for (let i = 0; i < 20; i++) filter.push(comment);
  }, /has no end/);
});

test('pages state their encoding, and those that state nonsense are UTF-8', () => {
  const encoding = (html: string, type = '') => htmlEncoding(new TextEncoder().encode(html), type);
  assert.equal(encoding('<meta charset=windows-1251>'), 'windows-1251');
  assert.equal(encoding('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'), 'shift_jis');
  assert.equal(encoding('<meta charset=windows-1251>', 'text/html; charset="iso-8859-2"'), 'iso-8859-2');
  assert.equal(encoding('<p>sea'), 'utf-8');
  assert.equal(encoding('<meta charset=nonsense>'), 'utf-8');
  assert.equal(encoding('<meta charset=utf-16>'), 'utf-8');
});
