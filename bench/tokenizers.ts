/** `npm run bench -- tokenizers`: encoding beside other tokenizers, and learning 4,096 merges. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { readMergesFiles } from '../worker/files/merges-files.js';
import { writeTokenizerJson } from '../worker/files/tokenizer-json.js';
import type { TokenizersAnswer, TokenizersLine } from './peers/tokenizers.js';
import { withLimit, write, type Line } from './report.js';

const folder = process.env['ADAPTIVE_LM_DATA'] ?? '../shared/data';

const texts = {
  alice29: 'text/alice29.txt',
  asyoulik: 'text/asyoulik.txt',
  'pride-and-prejudice': 'text/pride-and-prejudice-1342-0.txt',
  tinyshakespeare: 'tinyshakespeare/input.txt',
};

async function read(name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8').catch(() => {
    throw new Error(`${join(folder, name)} is missing. Set ADAPTIVE_LM_DATA to the folder of the tests' data.`);
  });
}

/** A figure of an engine, and ours beside it. */
export interface TokenizerLine extends Line {
  readonly engine: string;
  /** ours / theirs */
  readonly ratio: number | null;
}

export async function measureTokenizers(page: Page, add: (line: TokenizerLine) => void): Promise<void> {
  const spec = readMergesFiles(await read('gpt2-bpe/vocab.bpe'), await read('gpt2-bpe/encoder.json'));
  const answer: TokenizersAnswer = await page.evaluate((request) => globalThis.measureTokenizers(request), {
    engine: 'tokenizers' as const,
    tokenizer: writeTokenizerJson(spec),
    texts: await Promise.all(Object.entries(texts).map(async ([name, file]) => ({ name, text: await read(file) }))),
  });
  if ('error' in answer) throw new Error(answer.error);
  for (const line of answer.lines) add(withRatio(line, answer.lines));
  add({ ...withLimit(answer.learning, null, ''), engine: 'ours', ratio: null });
}

function withRatio({ text, cache, engine, speed }: TokenizersLine, lines: readonly TokenizersLine[]): TokenizerLine {
  const ours = lines.find((line) => line.engine === 'ours' && line.text === text && line.cache === cache);
  const ratio = ours && ours.engine !== engine ? ours.speed.median / speed.median : null;
  return { ...withLimit(speed, null, ''), engine, ratio };
}

export function printTokenizerLine(line: TokenizerLine): void {
  const ratio = line.ratio === null ? '' : `ours / theirs ${line.ratio.toFixed(1)}   `;
  write(line, `${ratio}${line.engine}`);
}
