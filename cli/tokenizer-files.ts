/** Tokenizers as files and folders, in and out. What a file is, its content tells; what belongs to it stands beside it. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { AdaptiveError } from '../core/errors.js';
import type { TokenizerSpec } from '../core/tokenizer.js';
import { decodeModelFile } from '../worker/files/model-file.js';
import { readMergesFiles, writeMergesFiles } from '../worker/files/merges-files.js';
import { readTokenizerJson, writeTokenizerJson } from '../worker/files/tokenizer-json.js';
import { isWordsFile, readWordsFile, writeWordsFile } from '../worker/files/words-file.js';
import { orDiskError, readBytes, writeBytes } from './files.js';

/** GPT-2's two files, by their older and newer names. */
const mergesNames = ['vocab.bpe', 'merges.txt'];
const idNames = ['encoder.json', 'vocab.json'];

/** What a folder is searched for, in this order, and after these for a model. */
const names = ['tokenizer.json', ...mergesNames, 'vocab.txt'];

/**
 * The tokenizer in tokenizer.json, vocab.bpe or merges.txt (with encoder.json or vocab.json beside it), vocab.txt, a model
 * file, or a folder that holds one of these.
 * @throws AdaptiveError 'disk', 'model-file'
 */
export async function readTokenizer(path: string): Promise<TokenizerSpec> {
  const file = (await isFolder(path)) ? await findIn(path) : path;
  if (extname(file) === '.safetensors') return decodeModelFile(await readBytes(file)).tokenizer;
  const text = await readText(file);
  if (isWordsFile(text)) return readWordsFile(text);
  if (text.trimStart().startsWith('{')) {
    // A list of ids is named as such, and is of no use without its merges.
    const merges = idNames.some((name) => basename(file) === name) ? await textBeside(file, mergesNames) : null;
    return merges === null ? readTokenizerJson(text) : readMergesFiles(merges, text);
  }
  return readMergesFiles(text, await textBeside(file, idNames));
}

/**
 * Writes BPE as tokenizer.json, or into a folder (a path that is one, or has no extension) also as vocab.bpe with
 * encoder.json; words as vocab.txt. Returns what was written.
 * @throws AdaptiveError 'disk', 'invalid-option' for a kind that has no such file
 */
export async function writeTokenizer(path: string, spec: TokenizerSpec): Promise<readonly string[]> {
  const inFolder = (await isFolder(path)) || extname(path) === '';
  const files: [name: string, text: string][] = [];
  if (spec.kind === 'bpe') {
    files.push(['tokenizer.json', writeTokenizerJson(spec)]);
    const { merges, encoder } = writeMergesFiles(spec);
    if (inFolder) files.push(['vocab.bpe', merges], ['encoder.json', encoder]);
  } else if (spec.kind === 'words') {
    files.push(['vocab.txt', writeWordsFile(spec.words)]);
  } else {
    throw new AdaptiveError(
      'invalid-option',
      `A tokenizer of ${spec.kind} is kept in its model; it has no file of its own.`,
    );
  }
  const paths: string[] = [];
  for (const [name, text] of files) {
    const target = inFolder ? join(path, name) : path;
    await writeBytes(target, new TextEncoder().encode(text));
    paths.push(target);
  }
  return paths;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path));
}

async function findIn(folder: string): Promise<string> {
  const files = await orDiskError(folder, 'read', () => readdir(folder));
  const models = files.filter((name) => name.endsWith('.safetensors'));
  const found = names.find((name) => files.includes(name)) ?? (models.length === 1 ? models[0] : undefined);
  if (found !== undefined) return join(folder, found);
  throw new AdaptiveError(
    'disk',
    `${folder} holds no tokenizer: expected ${names.join(', ')} or one model file (.safetensors).`,
    { folder },
  );
}

/** The text of the first file of these names in the same folder; null where none is. */
async function textBeside(path: string, wanted: readonly string[]): Promise<string | null> {
  const files = await orDiskError(path, 'read', () => readdir(dirname(path)));
  const name = wanted.find((each) => files.includes(each));
  return name === undefined ? null : readText(join(dirname(path), name));
}
