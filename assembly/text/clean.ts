/** What is done to a text before it is a corpus, and what tells text from other files. */
import { bytesOf, codeOf, decode, replacement } from './utf8';

/** Turns CR LF into LF, in place. Returns the new length in bytes. Other bytes stay as they are, broken UTF-8 too. */
export function clean(text: usize, length: i32): i32 {
  const end = text + <usize>length;
  let to = text;
  for (let from = text; from < end; from++) {
    const byte = load<u8>(from);
    if (byte == 0x0d && from + 1 < end && load<u8>(from + 1) == 0x0a) continue;
    store<u8>(to++, byte);
  }
  return <i32>(to - text);
}

/** Control characters that no text holds: all but tab, line feed, vertical tab, form feed, return and escape. */
@inline
function isControl(code: u32): bool {
  return (code < 0x20 && !(code >= 0x09 && code <= 0x0d) && code != 0x1b) || code == 0x7f;
}

/** Counts into counts [3]: characters, those replaced because their bytes are not UTF-8, control characters. */
export function survey(text: usize, length: i32, counts: usize): void {
  const end = text + <usize>length;
  let characters: u32 = 0;
  let replaced: u32 = 0;
  let controls: u32 = 0;
  for (let at = text; at < end; ) {
    const character = decode(at, end);
    const code = codeOf(character);
    characters++;
    // A U+FFFD that the text itself holds takes three bytes that begin with EF; a replaced lead byte EF is followed
    // by something else.
    if (code == replacement && !isWritten(at, end)) replaced++;
    if (isControl(code)) controls++;
    at += bytesOf(character);
  }
  store<u32>(counts, characters);
  store<u32>(counts + 4, replaced);
  store<u32>(counts + 8, controls);
}

/** U+FFFD stands at `at` in so many bytes: EF BF BD. */
function isWritten(at: usize, end: usize): bool {
  return at + 3 <= end && load<u8>(at) == 0xef && load<u8>(at + 1) == 0xbf && load<u8>(at + 2) == 0xbd;
}
