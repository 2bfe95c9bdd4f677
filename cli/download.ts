/** `lm download`: published data, each file checked against its SHA-256. What is there already and right is not fetched again. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import cliProgress from 'cli-progress';
import { AdaptiveError } from '../core/errors.js';
import { download as fetchFile } from '../worker/download.js';
import { datasetNames, datasets, type Dataset, type DatasetFile } from './datasets.js';
import { readBytes, writeBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';

const table: OptionTable = {
  name: {
    value: 'NAME',
    help: `${datasetNames.map((name) => `${name}: ${datasets[name].about}`).join('; ')} (required)`,
  },
  to: { value: 'DIR', help: 'folder to put it in (default data)' },
  url: { value: 'URL', help: 'another address of the same file, or of the folder that has the same files' },
};

export const downloadHelp = helpLines(table);

export async function download(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  options.required('name');
  const dataset: Dataset = datasets[options.choice('name', datasetNames) ?? 'tinyshakespeare'];
  for (const file of withUrl(dataset, options.text('url'))) await fetchDataset(file, options.text('to') ?? 'data');
}

/** The files at another address. */
function withUrl({ files }: Dataset, url: string | undefined): readonly DatasetFile[] {
  if (url === undefined) return files;
  if (files.length === 1) return files.map((file) => ({ ...file, url }));
  return files.map((file) => ({ ...file, url: `${url.replace(/\/$/, '')}/${basename(file.file)}` }));
}

/**
 * Fetches a file into a folder unless it is there and right.
 * @throws AdaptiveError 'network' when it cannot be had or is another one, 'disk'.
 */
export async function fetchDataset(dataset: DatasetFile, folder: string): Promise<void> {
  const path = join(folder, dataset.file);
  if (existsSync(path) && sha256(await readBytes(path)) === dataset.sha256) {
    process.stdout.write(`${path} is there already, and right.\n`);
    return;
  }
  const bytes = await fetchWithProgress(dataset.url, dataset.bytes);
  const hash = sha256(bytes);
  if (hash !== dataset.sha256) {
    throw new AdaptiveError(
      'network',
      `What came (${bytes.byteLength.toLocaleString('en')} bytes, SHA-256 ${hash}) is not the file that was published ` +
        `(${dataset.bytes.toLocaleString('en')} bytes, ${dataset.sha256}). Nothing was written. Try another --url.`,
      { hash, expected: dataset.sha256 },
    );
  }
  await mkdir(dirname(path), { recursive: true });
  await writeBytes(path, bytes);
  process.stdout.write(`${path}: ${bytes.byteLength.toLocaleString('en')} bytes, checked.\n`);
}

/** A bar on a terminal, silence in a log. Ctrl-C leaves nothing behind: the file is written when it is whole. */
async function fetchWithProgress(url: string, expected: number): Promise<Uint8Array> {
  const bar = new cliProgress.SingleBar({ format: '{bar} {percentage} % of {total} bytes', barsize: 24 });
  if (process.stdout.isTTY) bar.start(expected, 0);
  try {
    return await fetchFile(url, ({ loaded }) => bar.update(loaded));
  } finally {
    bar.stop();
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
