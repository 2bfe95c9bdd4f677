/** The second pass: the documents of a survey as tokens, one behind the other. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { Encoding } from '../text/encoding.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { ContentHash, hashDigits } from './content-hash.js';
import { Reading, type ReadingOptions } from './reading.js';
import type { Survey } from './survey.js';
import { unreadable } from './text-bytes.js';
import type { TokenWriter } from './token-writer.js';
import type { Ids } from './tokens.js';

export interface EncodedDocuments {
  /** The tokenizer has an id for every text. */
  readonly knowsAll: boolean;
  /** Tokens that stand for something that the tokenizer does not know. */
  readonly unknown: number;
  /** Of all tokens. */
  readonly hash: string;
}

/**
 * Writes the tokens of all documents that are kept, and into the survey's table how many each has.
 * @throws AdaptiveError as `survey`, and as TokenWriter
 */
export async function encode(
  memory: TextMemory,
  { files, documents }: Pick<Survey, 'files' | 'documents'>,
  spec: TokenizerSpec,
  writer: TokenWriter,
  options: ReadingOptions,
): Promise<EncodedDocuments> {
  const read = files.filter(({ kept }) => kept > 0);
  const reading = new Reading(
    memory,
    'encoding',
    read.map(({ source }) => source),
    options,
  );
  const encoding = new Encoding(memory, spec);
  const textHash = new ContentHash(memory);
  const tokenHash = new ContentHash(memory);
  const gathered = new Gathered(writer);
  let room = memory.take(0);
  let unknown = 0;
  const add = async (block: Block): Promise<number> => {
    if (room.bytes < 2 * block.bytes) {
      memory.giveBack(room);
      room = memory.take(2 * block.bytes);
    }
    const tokens = encoding.encode(block, room);
    const ids = { address: room.address, bytes: 2 * tokens };
    tokenHash.add(ids);
    if (!encoding.knowsAll) unknown += memory.call.countUnknown(ids.address, tokens);
    await gathered.add(memory.halfWords(ids));
    return tokens;
  };
  let row = 0;
  for (const { source, kept, documents: own } of files) {
    const end = row + own;
    if (kept === 0) {
      row = end;
      continue;
    }
    let bytes = 0;
    let tokens = 0;
    const check = (same: boolean): void => {
      if (!same) throw unreadable(source, 'it was another text the second time');
    };
    textHash.restart();
    await reading.source(source, {
      cut: (block) => encoding.safeCut(block),
      onHead: () => {},
      onInlet: () => {},
      async onBlock(block) {
        check(row < end);
        bytes += block.bytes;
        textHash.add(block);
        if (!documents.isDropped(row)) tokens += await add(block);
      },
      onEnd() {
        if (bytes === 0) return;
        check(documents.hasHash(row, textHash.end()));
        if (!documents.isDropped(row)) documents.setTokens(row, tokens);
        row++;
        bytes = tokens = 0;
        textHash.restart();
      },
    });
    check(row === end);
  }
  await gathered.end();
  reading.end();
  encoding.free();
  return { knowsAll: encoding.knowsAll, unknown, hash: hashDigits(tokenHash.end()) };
}

const gatheredTokens = 2 ** 16;

/** Tokens of short documents come to a writer together: a file takes as long for a few as for many. */
class Gathered {
  readonly #ids = new Uint16Array(gatheredTokens);
  #length = 0;

  constructor(readonly writer: TokenWriter) {}

  async add(ids: Ids): Promise<void> {
    if (this.#length + ids.length > gatheredTokens) await this.end();
    if (ids.length > gatheredTokens) {
      await this.writer.write(ids);
      return;
    }
    this.#ids.set(ids, this.#length);
    this.#length += ids.length;
  }

  async end(): Promise<void> {
    const ids = this.#ids.subarray(0, this.#length);
    this.#length = 0;
    if (ids.length > 0) await this.writer.write(ids);
  }
}
