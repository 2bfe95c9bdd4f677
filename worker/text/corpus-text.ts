/** A corpus as it arrives: read from a text or a file into the module's memory, cleaned, and refused if it is no text. */
import { AdaptiveError } from '../../core/errors.js';
import type { CorpusSource } from '../../core/protocol.js';
import { recogniseBinary } from '../files/file-kind.js';
import type { Block, TextMemory } from './text-memory.js';

const mebibyte = 2 ** 20;
/** docs/decisions/0007-corpus-in-memory.md */
const limitBytes = 64 * mebibyte;
/** Text has practically no control characters; of random bytes they are a tenth. */
const mostControls = 0.01;
/** Text in an 8-bit encoding is mostly ASCII in European languages, and mostly not UTF-8 in others. */
const mostReplaced = 0.3;

export interface CorpusText {
  /** UTF-8. */
  readonly block: Block;
  /** What is to be given back in its stead: the text was longer before it was cleaned. */
  readonly taken: Block;
  readonly characters: number;
  /** Characters that stand for bytes that are not UTF-8. */
  readonly replaced: number;
}

/**
 * @throws AdaptiveError 'corpus-too-large' before anything is read, 'corpus-not-text', 'disk' when the file cannot be
 * read, 'memory'.
 */
export async function readCorpusText(memory: TextMemory, source: CorpusSource): Promise<CorpusText> {
  const blob = source.kind === 'file' ? source.file : new Blob([source.text]);
  const name = (source.kind === 'file' && source.name) || 'The text';
  if (blob.size > limitBytes) throw tooLarge(name, blob.size);
  const taken = memory.take(blob.size);
  const length = await readBlob(memory, blob, name, taken);
  // Cleaning takes out what some kinds of file are recognised by.
  const head = memory.bytes(taken).slice(0, 1024);
  const block = { address: taken.address, bytes: memory.call.clean(taken.address, length) };
  const counts = memory.take(3 * 4);
  memory.call.survey(block.address, block.bytes, counts.address);
  const [characters = 0, replaced = 0, controls = 0] = memory.words(counts);
  memory.giveBack(counts);
  if (controls > mostControls * characters || replaced > mostReplaced * characters) {
    throw notText(name, head, { characters, replaced, controls });
  }
  return { taken, block, characters, replaced };
}

/** Fills `block` and returns how many bytes came. */
async function readBlob(memory: TextMemory, blob: Blob, name: string, block: Block): Promise<number> {
  let at = 0;
  try {
    const reader = blob.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      // A file can grow while it is read; what was there when it was chosen is what counts.
      const chunk = part.value.subarray(0, block.bytes - at);
      memory.bytes(block).set(chunk, at);
      at += chunk.byteLength;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AdaptiveError('disk', `${name} could not be read: ${reason}. Choose it again.`, { name }, { cause });
  }
  return at;
}

function tooLarge(name: string, bytes: number): AdaptiveError {
  const size = Math.ceil(bytes / mebibyte);
  return new AdaptiveError(
    'corpus-too-large',
    `${name} has ${size} MiB; at most ${limitBytes / mebibyte} MiB of text can be learned at once. Choose a part of it.`,
    { name, bytes, limitBytes },
  );
}

interface Counts {
  readonly characters: number;
  readonly replaced: number;
  readonly controls: number;
}

function notText(name: string, head: Uint8Array, { characters, replaced, controls }: Counts): AdaptiveError {
  return new AdaptiveError(
    'corpus-not-text',
    `${name} ${whatItIs(head, replaced > mostReplaced * characters)}. Choose a plain text file, saved as UTF-8.`,
    { name, characters, replaced, controls },
  );
}

function whatItIs(head: Uint8Array, mostlyReplaced: boolean): string {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'is text in UTF-16';
  const known = recogniseBinary(head);
  if (known) return `is ${known.name}, not text`;
  if (mostlyReplaced && !head.includes(0)) return 'is not text in UTF-8, but in another encoding or none';
  return 'is binary data, not text';
}
