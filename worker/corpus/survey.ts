/**
 * The first pass: whether each file is text, what documents it holds, by what they are known again; and what a tokenizer is
 * learned from. What is not text from its beginning is left out where there are others; what turns out to be none later on, or
 * breaks off, is an error, since it was taken for text until then.
 */
import { AdaptiveError } from '../../core/errors.js';
import { recogniseBinary } from '../files/file-kind.js';
import type { Learner } from '../text/learning.js';
import type { Block, TextMemory } from '../text/text-memory.js';
import { blockBytes } from './blocks.js';
import { ContentHash } from './content-hash.js';
import { DocumentRepeats, DocumentTable } from './document-table.js';
import { Reading, type ReadingOptions } from './reading.js';
import type { TextSource } from './sources.js';
import { headBytes } from './text-bytes.js';

/** Text has practically no control characters; of random bytes they are a tenth. */
const mostControls = 0.01;
/** Text in an 8-bit encoding is mostly ASCII in European languages, and mostly not UTF-8 in others. */
const mostReplaced = 0.3;
/** More than this tokenizers of words and of joined bytes do not learn from, whose memory grows with it. */
const sampleBytes = 2 ** 24;
const mostNamed = 100;

export interface SurveyedFile {
  readonly source: TextSource;
  /** Of all documents, those that are its own: so many follow those of the file before. */
  readonly documents: number;
  /** Of those, the ones that are not repeats. */
  readonly kept: number;
}

export interface Survey {
  readonly files: readonly SurveyedFile[];
  /** Without their tokens yet; those that are repeats are marked as dropped. Those without any text are not in it. */
  readonly documents: DocumentTable;
  /** Of all that is kept. */
  readonly characters: number;
  /** Characters that stand for bytes that are not UTF-8. */
  readonly replaced: number;
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
  const files: SurveyedFile[] = [];
  const skipped: { readonly name: string; readonly reason: string }[] = [];
  let skippedCount = 0;
  const skip = (name: string, reason: string): void => {
    skippedCount++;
    if (skipped.length < mostNamed) skipped.push({ name, reason });
  };
  for (const source of sources) {
    try {
      const file = await surveyor.survey(reading, source);
      if (file.documents > 0) files.push(file);
      else if (sources.length > 1) skip(source.name, 'it is empty');
    } catch (thrown) {
      if (!(thrown instanceof NotText)) throw thrown;
      if (sources.length === 1) throw thrown.error;
      skip(source.name, thrown.reason);
    }
  }
  reading.end();
  const [firstSkipped] = skipped;
  if (files.length === 0 && firstSkipped) throw nothingIsText(skippedCount, firstSkipped);
  const { documents, repeats, characters, replaced, sampledBytes } = surveyor;
  return {
    files,
    documents,
    characters,
    replaced,
    skipped,
    skippedCount,
    repeats: repeats + reading.repeats,
    sampledBytes,
  };
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

const nothing: Counts = { characters: 0, replaced: 0, controls: 0 };

class Surveyor {
  readonly documents = new DocumentTable();
  /** Documents that were dropped. */
  repeats = 0;
  characters = 0;
  replaced = 0;
  readonly #seen: DocumentRepeats | null;
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
    this.#seen = options.deduplicate === 'documents' ? new DocumentRepeats(this.documents) : null;
  }

  get sampledBytes(): number | null {
    return this.#learned < this.#all ? this.#learned : null;
  }

  async survey(reading: Reading, source: TextSource): Promise<SurveyedFile> {
    const { learner } = this.options;
    const [first, before] = [this.documents.length, this.repeats];
    let head = new Uint8Array(0);
    const file = { ...nothing };
    let document = { ...nothing };
    let judged = false;
    this.#hash.restart();
    await reading.source(source, {
      cut: (block) => {
        const bytes = learner.safeCut(block);
        return bytes === 0 ? 0 : this.memory.call.wholeCharacters(block.address, bytes);
      },
      onHead: (bytes) => (head = bytes.slice()),
      onInlet: (block) => {
        if (judged) return;
        judged = true;
        const beginning = { ...nothing };
        this.#count(block, beginning);
        const reason = whatElse(head, beginning, source);
        if (reason !== '') throw new NotText(reason, notText(source.name, reason, beginning));
      },
      onBlock: (block) => {
        this.#count(block, document);
        const reason = whatElse(head, sum(file, document), source);
        if (reason !== '') throw notText(source.name, reason, sum(file, document));
        this.#hash.add(block);
        this.#learn(block);
      },
      onEnd: () => {
        if (document.characters > 0) this.#end(document);
        add(file, document);
        document = { ...nothing };
        this.#hash.restart();
      },
    });
    const documents = this.documents.length - first;
    return { source, documents, kept: documents - (this.repeats - before) };
  }

  /** A document that holds something. */
  #end({ characters, replaced }: Counts): void {
    const { documents } = this;
    const row = documents.length;
    documents.push(this.#hash.end());
    if (this.#seen?.has(row)) {
      documents.drop(row);
      this.repeats++;
      return;
    }
    this.characters += characters;
    this.replaced += replaced;
  }

  #count({ address, bytes }: Block, total: Counts): void {
    this.memory.call.survey(address, bytes, this.#counts.address);
    const [characters = 0, replaced = 0, controls = 0] = this.memory.words(this.#counts);
    add(total, { characters, replaced, controls });
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

function add(to: Counts, { characters, replaced, controls }: Counts): void {
  to.characters += characters;
  to.replaced += replaced;
  to.controls += controls;
}

function sum(a: Counts, b: Counts): Counts {
  const both = { ...a };
  add(both, b);
  return both;
}

/** What it is if it is no text, or ''. Of a few words that a separator follows nothing can be said. */
function whatElse(head: Uint8Array, { replaced, controls, ...seen }: Counts, { separator }: TextSource): string {
  const characters = separator === null ? seen.characters : Math.max(seen.characters, headBytes);
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
