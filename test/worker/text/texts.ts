/** Texts that tokenizers have trouble with. */
import fc from 'fast-check';
import { TextMemory } from '../../../worker/text/text-memory.js';
import { learnTokenizer } from '../../../worker/text/learning.js';
import type { TokenizerRequest } from '../../../core/tokenizer-request.js';
import type { TokenizerSpec } from '../../../core/tokenizer.js';

const utf8 = new TextEncoder();

/** White space of all kinds, what looks like it, and what pieces begin and end with. */
const fragments = [
  ...' \n\t\r\v\u0085\u00a0\u1680\u2003\u2028\u202f\u205f\u3000\u200b\ufeff',
  ...["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "''", "'", '’s', '<|endoftext|>', '<|end', '<unk>', '<eos>'],
  ...[
    'the ',
    'sea',
    ' light',
    'aaaa',
    '1',
    '٣',
    '½',
    '真',
    'ЖЗ',
    'é',
    'e\u0301',
    '🦓',
    '👩‍🚀',
    '_',
    '--',
    '\0',
    '\u001f',
  ],
];

/** Bytes of whole characters, their parts, and noise. */
export const troubledBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...fragments).map((text) => utf8.encode(text)),
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => utf8.encode(text)),
      fc
        .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.nat(3))
        .map(([text, cut]) => utf8.encode(text).subarray(0, cut)),
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

/** Text whose white space and marks are in all places. */
export const troubledText = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'grapheme', maxLength: 3 })), {
    maxLength: 60,
    size: 'max',
  })
  .map((parts) => parts.join(''));

export function learn(module: WebAssembly.Module, request: TokenizerRequest, text: string | Uint8Array): TokenizerSpec {
  const memory = new TextMemory(module);
  return learnTokenizer(memory, request, memory.takeText(text));
}
