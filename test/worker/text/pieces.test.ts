/** Pieces, and the classes of characters that they are made of, are those of GPT-2's regular expression. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { instantiate } from '../../../worker/wasm-module.js';
import { builds, textModule } from './modules.js';
import { piecePattern } from './reference-bpe.js';
import { troubledText } from './texts.js';

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder('utf-8', { ignoreBOM: true }) };

function splitter(module: WebAssembly.Module): (text: string) => string[] {
  const { memory, arena, functions } = instantiate(module, ['pieceEnd']);
  return (text) => {
    const bytes = utf8.encode.encode(text);
    const address = arena.take(bytes.length);
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
    const pieces: string[] = [];
    const end = address + bytes.length;
    for (let at = address; at < end;) {
      const next = functions.pieceEnd(at, end);
      pieces.push(utf8.decode.decode(new Uint8Array(memory.buffer, at, next - at)));
      at = next;
    }
    arena.giveBack(address, bytes.length);
    return pieces;
  };
}

for (const { name, module } of builds) {
  test(`${name}: a text is split as the regular expression splits it`, () => {
    const split = splitter(module);
    fc.assert(
      fc.property(troubledText, (text) => {
        const whole = text.replace(/\p{Surrogate}/gu, '');
        fc.pre(assigned(whole));
        assert.deepEqual(split(whole), whole.match(piecePattern) ?? []);
      }),
      { numRuns: 2000 },
    );
  });
}

/** Characters that a later version of Unicode may class otherwise than this engine does. */
function assigned(text: string): boolean {
  return !/\p{Cn}/u.test(text);
}

test('every code point has the class that the engine gives it, as far as both know it', async () => {
  const source = await readFile('assembly/text/unicode-classes.ts', 'utf8');
  const version = /from Unicode ([\d.]+):/.exec(source)?.[1];
  assert.ok(version !== undefined);
  const same = process.versions['unicode'] === version;
  const split = splitter(textModule);
  const wrong: string[] = [];
  // Most of the later planes is empty or for private use.
  for (let code = 0; code < 0x110000; code += code < 0x34000 ? 1 : 61) {
    const character = String.fromCodePoint(code);
    if (/\p{Surrogate}/u.test(character) || (!same && !assigned(character))) continue;
    // Beside a letter, a digit, a mark and a space, each class is split in its own way.
    const text = `a${character}1${character}.${character} ${character}`;
    const expected = text.match(piecePattern) ?? [];
    if (split(text).join('\0') === expected.join('\0')) continue;
    // What the engine has learned since is none of the classes here.
    if (
      !same &&
      split(text).join('\0') ===
        text.replaceAll(character, '~').match(piecePattern)?.join('\0').replaceAll('~', character)
    )
      continue;
    wrong.push(code.toString(16));
  }
  assert.deepEqual(wrong, []);
});
