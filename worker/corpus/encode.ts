/** The second pass: the documents of a survey as tokens, one behind the other. */
import type { TokenizerSpec } from '../../core/tokenizer.js';
import { Encoding } from '../text/encoding.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { ContentHash } from './content-hash.js';
import { Reading, type ReadingOptions } from './reading.js';
import type { SurveyedDocument } from './survey.js';
import { unreadable } from './text-bytes.js';
import type { TokenWriter } from './token-writer.js';

export interface EncodedDocument {
  readonly tokens: number;
  /** Of its tokens, those that stand for something that the tokenizer does not know. */
  readonly unknown: number;
}

export interface EncodedDocuments {
  /** The tokenizer has an id for every text. */
  readonly knowsAll: boolean;
  readonly documents: readonly EncodedDocument[];
  /** Of all tokens. */
  readonly hash: string;
}

/** @throws AdaptiveError as `survey`, and as TokenWriter */
export async function encode(
  memory: TextMemory,
  surveyed: readonly SurveyedDocument[],
  spec: TokenizerSpec,
  writer: TokenWriter,
  options: ReadingOptions,
): Promise<EncodedDocuments> {
  const reading = new Reading(
    memory,
    'encoding',
    surveyed.map(({ source }) => source),
    options,
  );
  const encoding = new Encoding(memory, spec);
  const textHash = new ContentHash(memory);
  const tokenHash = new ContentHash(memory);
  const documents: EncodedDocument[] = [];
  let room = memory.take(0);
  const add = async (block: Block): Promise<EncodedDocument> => {
    if (room.bytes < 2 * block.bytes) {
      memory.giveBack(room);
      room = memory.take(2 * block.bytes);
    }
    const tokens = encoding.encode(block, room);
    const ids = { address: room.address, bytes: 2 * tokens };
    textHash.add(block);
    tokenHash.add(ids);
    const unknown = encoding.knowsAll ? 0 : memory.call.countUnknown(ids.address, tokens);
    await writer.write(memory.halfWords(ids));
    return { tokens, unknown };
  };
  for (const { source, hash } of surveyed) {
    const sum = { tokens: 0, unknown: 0 };
    textHash.restart();
    await reading.document(source, {
      cut: (block) => encoding.safeCut(block),
      onHead: () => {},
      onInlet: () => {},
      async onBlock(block) {
        const { tokens, unknown } = await add(block);
        sum.tokens += tokens;
        sum.unknown += unknown;
      },
    });
    if (textHash.end() !== hash) throw unreadable(source, 'it was another text the second time');
    documents.push(sum);
  }
  reading.end();
  encoding.free();
  return { documents, knowsAll: encoding.knowsAll, hash: tokenHash.end() };
}
