/** What tests of corpora share: files, reading them to the end, and streams of any size that nobody holds. */
import assert from 'node:assert/strict';
import type { CorpusFile, ReadingProgress } from '../../../core/corpus.js';
import { AdaptiveError, type ErrorCode } from '../../../core/errors.js';
import { readCorpus, type CorpusRequest, type CorpusStore } from '../../../worker/corpus/read-corpus.js';
import type { Tokens } from '../../../worker/corpus/tokens.js';
import type { Folder } from '../../../worker/storage/folder.js';
import { textModule } from '../text/modules.js';

export function file(name: string, ...parts: (string | Uint8Array<ArrayBuffer> | Blob)[]): CorpusFile {
  return { file: new Blob(parts), name };
}

export async function gzip(content: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export type Request = Partial<Omit<CorpusRequest, 'source'>>;

export function read(
  source: CorpusRequest['source'] | readonly CorpusFile[],
  request: Request = {},
  store?: CorpusStore,
) {
  return readCorpus(
    textModule,
    {
      source: 'kind' in source ? source : { kind: 'files', files: source },
      tokenizer: { kind: 'bytes' },
      onProgress: () => {},
      stopped: () => false,
      ...request,
    },
    store ?? { folder: async () => null },
  );
}

/** The text that a corpus of bytes was made from, as it was cleaned. */
export async function textOf(
  source: CorpusRequest['source'] | readonly CorpusFile[],
  request: Request = {},
): Promise<string> {
  const { corpus } = await read(source, request);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(await allOf(corpus.tokens)));
}

export async function allOf(tokens: Tokens): Promise<Uint16Array> {
  const ids = new Uint16Array(tokens.length);
  await tokens.read(ids, 0);
  return ids;
}

export function kept(folder: Folder, limits = { small: 1024, memory: 64 * 2 ** 20 }): CorpusStore {
  return { folder: async () => folder, limits };
}

export function refused(work: Promise<unknown>, code: ErrorCode, ...messages: readonly RegExp[]): Promise<void> {
  return assert.rejects(work, (error) => {
    assert.ok(error instanceof AdaptiveError, String(error));
    assert.equal(error.code, code, error.message);
    for (const message of messages) assert.match(error.message, message);
    return true;
  });
}

/** A file of `chunks` parts, made as they are read. */
export class StreamedFile extends Blob {
  reads = 0;

  constructor(
    readonly chunk: (index: number) => Uint8Array<ArrayBuffer>,
    readonly chunks: number,
    readonly length: number,
  ) {
    super([]);
  }

  override get size(): number {
    return this.length;
  }

  override stream(): ReturnType<Blob['stream']> {
    this.reads++;
    let index = 0;
    return new ReadableStream({
      pull: (controller) => {
        if (index < this.chunks) controller.enqueue(this.chunk(index++));
        else controller.close();
      },
    });
  }
}

export class Progress {
  readonly events: ReadingProgress[] = [];
  readonly onProgress = (event: ReadingProgress): void => void this.events.push(event);

  /** The last event of a phase. */
  end(phase: ReadingProgress['phase']): ReadingProgress | undefined {
    return this.events.filter((event) => event.phase === phase).at(-1);
  }
}

export const verse = 'The sea was calm and the light turned slowly over the water.\n';
