/**
 * The first pass: whether each document is text, what it holds, by what it is known again; and what a tokenizer is learned
 * from. What is not text from its beginning is left out where there are others; what turns out to be none later on, or
 * breaks off, is an error, since it was taken for text until then.
 */
import { AdaptiveError } from '../../core/errors.js';
import { recogniseBinary } from '../files/file-kind.js';
import type { Learner } from '../text/learning.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { blockBytes } from './blocks.js';
import { ContentHash } from './content-hash.js';
import { Reading, type ReadingOptions } from './reading.js';
import type { TextSource } from './sources.js';

/** Text has practically no control characters; of random bytes they are a tenth. */
const mostControls = 0.01;
/** Text in an 8-bit encoding is mostly ASCII in European languages, and mostly not UTF-8 in others. */
const mostReplaced = 0.3;
/** More than this tokenizers of words and of joined bytes do not learn from, whose memory grows with it. */
const sampleBytes = 2 ** 24;
const mostNamed = 100;

/** Of a document, or of several. */
export interface TextCounts {
  readonly characters: number;
  /** Characters that stand for bytes that are not UTF-8. */
  readonly replaced: number;
  readonly bytes: number;
}

export interface SurveyedDocument extends TextCounts {
  readonly source: TextSource;
  /** Of its text. */
  readonly hash: string;
}

export interface Survey {
  readonly documents: readonly SurveyedDocument[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly skippedCount: number;
  /** Documents or paragraphs that were dropped. */
  readonly repeats: number;
  /** Of text that the tokenizer learned from; null when that was all. */
  readonly sampledBytes: number | null;
}

export interface SurveyOptions extends ReadingOptions {
  readonly learner: Learner;
  /** Whether it may learn from all there is. */
  readonly learnsAll: boolean;
}

/** @throws AdaptiveError 'corpus-not-text', 'disk', 'network', 'aborted', 'memory' */
export async function survey(
  memory: TextMemory,
  sources: readonly TextSource[],
  options: SurveyOptions,
): Promise<Survey> {
  const reading = new Reading(memory, 'surveying', sources, options);
  const surveyor = new Surveyor(memory, options, () => reading.part);
  const documents: SurveyedDocument[] = [];
  const skipped: { readonly name: string; readonly reason: string }[] = [];
  let skippedCount = 0;
  const skip = (name: string, reason: string): void => {
    skippedCount++;
    if (skipped.length < mostNamed) skipped.push({ name, reason });
  };
  for (const source of sources) {
    try {
      const document = await surveyor.survey(reading, source);
      if (document.bytes > 0 || sources.length === 1) documents.push(document);
      else skip(source.name, 'it is empty');
    } catch (thrown) {
      if (!(thrown instanceof NotText)) throw thrown;
      if (sources.length === 1) throw thrown.error;
      skip(source.name, thrown.reason);
    }
  }
  reading.end();
  const [firstSkipped] = skipped;
  if (documents.length === 0 && firstSkipped) throw nothingIsText(skippedCount, firstSkipped);
  const distinct = options.deduplicate === 'documents' ? withoutRepeats(documents) : documents;
  return {
    documents: distinct,
    skipped,
    skippedCount,
    repeats: documents.length - distinct.length + reading.repeats,
    sampledBytes: surveyor.sampledBytes,
  };
}

/** The first of those that are equal. */
function withoutRepeats(documents: readonly SurveyedDocument[]): readonly SurveyedDocument[] {
  const seen = new Set<string>();
  return documents.filter(({ hash, bytes }) => {
    const key = `${hash} ${bytes}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** A file that is no text from its beginning. */
class NotText extends Error {
  constructor(
    readonly reason: string,
    readonly error: AdaptiveError,
  ) {
    super(reason);
  }
}

interface Counts {
  characters: number;
  replaced: number;
  controls: number;
}

class Surveyor {
  readonly #counts: Block;
  readonly #hash: ContentHash;
  #learned = 0;
  #all = 0;

  constructor(
    readonly memory: TextMemory,
    readonly options: SurveyOptions,
    readonly part: () => number | null,
  ) {
    this.#counts = memory.take(3 * 4);
    this.#hash = new ContentHash(memory);
  }

  get sampledBytes(): number | null {
    return this.#learned < this.#all ? this.#learned : null;
  }

  async survey(reading: Reading, source: TextSource): Promise<SurveyedDocument> {
    const { learner } = this.options;
    let head = new Uint8Array(0);
    const total: Counts = { characters: 0, replaced: 0, controls: 0 };
    let bytes = 0;
    let judged = false;
    this.#hash.restart();
    await reading.document(source, {
      cut: (block) => {
        const bytes = learner.safeCut(block);
        return bytes === 0 ? 0 : this.memory.call.wholeCharacters(block.address, bytes);
      },
      onHead: (first) => (head = first.slice()),
      onInlet: (block) => {
        if (judged) return;
        judged = true;
        const first = { characters: 0, replaced: 0, controls: 0 };
        this.#count(block, first);
        const reason = whatElse(head, first);
        if (reason !== '') throw new NotText(reason, notText(source.name, reason, first));
      },
      onBlock: (block) => {
        this.#count(block, total);
        const reason = whatElse(head, total);
        if (reason !== '') throw notText(source.name, reason, total);
        this.#hash.add(block);
        bytes += block.bytes;
        this.#learn(block);
      },
    });
    const { characters, replaced } = total;
    return { source, characters, replaced, bytes, hash: this.#hash.end() };
  }

  #count({ address, bytes }: Block, total: Counts): void {
    this.memory.call.survey(address, bytes, this.#counts.address);
    const [characters = 0, replaced = 0, controls = 0] = this.memory.words(this.#counts);
    total.characters += characters;
    total.replaced += replaced;
    total.controls += controls;
  }

  /** From all, or from as much as there may be, spread evenly over what is read. */
  #learn(block: Block): void {
    const { learner, learnsAll } = this.options;
    this.#all += block.bytes;
    const due = sampleBytes * (this.part() ?? 1);
    if (!learnsAll && this.#learned + block.bytes > Math.min(sampleBytes, due + blockBytes)) return;
    learner.add(block);
    this.#learned += block.bytes;
  }
}

/** What it is if it is no text, or ''. */
function whatElse(head: Uint8Array, { characters, replaced, controls }: Counts): string {
  if (controls <= mostControls * characters && replaced <= mostReplaced * characters) return '';
  const known = recogniseBinary(head);
  if (known) return `is ${known.name}, not text`;
  if (replaced > mostReplaced * characters && !head.includes(0)) {
    return 'is not text in UTF-8, but in another encoding or none';
  }
  return 'is binary data, not text';
}

function notText(name: string, reason: string, counts: Counts): AdaptiveError {
  return new AdaptiveError('corpus-not-text', `${name} ${reason}. Choose a plain text file, saved as UTF-8.`, {
    name,
    ...counts,
  });
}

function nothingIsText(count: number, first: { readonly name: string; readonly reason: string }): AdaptiveError {
  return new AdaptiveError(
    'corpus-not-text',
    `None of the ${count} files is text: ${first.name} ${first.reason}. Choose plain text files, saved as UTF-8.`,
    { count, name: first.name },
  );
}
