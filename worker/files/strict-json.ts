/**
 * JSON from a stranger's file. JSON.parse keeps the last of two equal keys, which lets a file show one thing to one
 * reader and another to the next, and it spends minutes on nesting or on millions of keys; so the text is scanned
 * for these first, in one pass that allocates nothing but the keys.
 */
import { refusal, getItAgain, grouped, quote } from './refusal.js';

const maxDepth = 32;
/** Far beyond the largest models: these have some thousand tensors, with ten values each. */
const maxValues = 2_000_000;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value of `text`; `what` names it in errors, as "The header".
 * @throws AdaptiveError 'model-file' if it is no JSON, names a key twice in one object, nests deeper than 32 or
 * holds more than 2,000,000 values.
 */
export function parseStrictJson(text: string, what: string): unknown {
  const repeated = scan(text, what);
  const value = parse(text, what);
  if (repeated !== undefined) {
    throw refusal(`${what} has the key ${quote(repeated)} twice. ${getItAgain}`, { key: repeated });
  }
  return value;
}

function parse(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw refusal(`${what} is not valid JSON. ${getItAgain}`, {}, { cause });
  }
}

const [quoteMark, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The first key that an object of `text` names twice. For text that is no JSON the answer means nothing. */
function scan(text: string, what: string): string | undefined {
  /** What is open, outermost first: the keys so far of an object, or null for an array. */
  const open: (Set<string> | null)[] = [];
  let values = 0;
  let repeated: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === openBrace || code === openBracket) {
      open.push(code === openBrace ? new Set() : null);
      if (open.length > maxDepth) throw refusal(`${what} nests deeper than ${maxDepth}. ${getItAgain}`);
    } else if (code === closeBrace || code === closeBracket) {
      open.pop();
    } else if (code === comma) {
      values++;
      if (values > maxValues) {
        throw refusal(`${what} holds more than ${grouped(maxValues)} values, more than any model needs. ${getItAgain}`);
      }
    } else if (code === quoteMark) {
      const end = endOfString(text, i);
      const keys = open.at(-1);
      // In valid JSON a string before a colon is a key.
      if (keys && text.charCodeAt(skipSpace(text, end)) === colon) {
        const key = unescaped(text.slice(i, end));
        if (keys.has(key)) repeated ??= key;
        keys.add(key);
      }
      i = end - 1;
    }
  }
  return repeated;
}

/** Just past the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== quoteMark) i += text.charCodeAt(i) === backslash ? 2 : 1;
  return i + 1;
}

function skipSpace(text: string, start: number): number {
  let i = start;
  while (' \t\n\r'.includes(text.charAt(i)) && i < text.length) i++;
  return i;
}

/** "\u0061" and "a" are the same key. */
function unescaped(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal; // no JSON: the parser will say so
  }
}
