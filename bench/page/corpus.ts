/** Reading a corpus and turning it into tokens on the disk, as a training run does before it begins. */
import { Shelf } from '../../worker/corpus/shelf.js';
import { readCorpus } from '../../worker/corpus/read-corpus.js';
import { browserFolder } from '../../worker/storage/browser-folder.js';
import { Random } from '../../core/random.js';
import { figure, type Figure } from '../figure.js';

export interface CorpusCase {
  readonly form: 'plain' | 'gzip' | 'html';
  readonly tokenizer: 'characters' | 'bpe';
  /** Of text. */
  readonly megabytes: number;
}

const syllables = 'an the of and ing er tion is to ed re on en at ship lamp sea light wa ter clo ck wind ers'.split(
  ' ',
);

/** A million characters of words that differ, in lines. */
function prose(): string {
  const random = new Random(1, 1);
  const words: string[] = [];
  for (let length = 0; length < 1_000_000;) {
    const word = Array.from(
      { length: 1 + Math.floor(3 * random.next()) },
      () => syllables[Math.floor(syllables.length * random.next())],
    );
    words.push(word.join('') + (words.length % 12 === 11 ? '.\n' : ' '));
    length += words.at(-1)?.length ?? 0;
  }
  return words.join('');
}

async function makeFile({ form, megabytes }: CorpusCase): Promise<{ readonly file: Blob; readonly name: string }> {
  const part = form === 'html' ? prose().replace(/^.*$/gm, '<p class="x">$&</p>') : prose();
  // One piece that stands there many times takes the memory of one.
  const plain = new Blob(new Array<Blob>(megabytes).fill(new Blob([part])));
  if (form !== 'gzip') return { file: plain, name: form === 'html' ? 'prose.html' : 'prose.txt' };
  const packed = plain.stream().pipeThrough(new CompressionStream('gzip'));
  return { file: await new Response(packed).blob(), name: 'prose.txt.gz' };
}

/** Megabytes of the text a second, both passes and the writing together. */
export async function measureCorpus(request: CorpusCase): Promise<Figure> {
  const { form, tokenizer, megabytes } = request;
  const module = await WebAssembly.compile(await (await fetch(new URL('./text.wasm', import.meta.url))).arrayBuffer());
  const folder = await browserFolder('bench');
  const { file, name } = await makeFile(request);
  const samples: number[] = [];
  for (let round = 0; round < (megabytes > 100 ? 1 : 3); round++) {
    const started = performance.now();
    const { corpus, report } = await readCorpus(
      module,
      {
        source: { kind: 'files', files: [{ file, name }] },
        tokenizer: { learn: tokenizer },
        onProgress: () => {},
        stopped: () => false,
      },
      { folder: async () => folder },
    );
    samples.push(corpus.characters / 1e6 / ((performance.now() - started) / 1000));
    if (report.tokensOn !== 'disk') throw new Error(`The tokens are in memory: ${report.warning}`);
    await corpus.tokens.close();
    await new Shelf(folder).remove(corpus.id);
  }
  return figure(`corpus ${form}, ${tokenizer}, ${megabytes} MB`, 'MB/s', samples);
}
