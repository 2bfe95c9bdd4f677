/** MNIST for the page: from the site's own `data/mnist/`, or from files of the reader's. */
import { AdaptiveError } from '../core/errors.js';
import { mnistFiles, readMnist, type Mnist } from './data/mnist.js';
import type { MnistSource } from './protocol.js';

const mostBytes = 2 ** 26; // the largest of the four has 47 MB, unpacked

/** @throws AdaptiveError that says which file is wrong and how, or what to do when there is none */
export async function openMnist(source: MnistSource, signal: AbortSignal): Promise<Mnist> {
  const files =
    source.kind === 'site'
      ? await Promise.all(mnistFiles.map(async (name) => [name, await fetchFile(source.url, name, signal)] as const))
      : await Promise.all(source.files.map(readFile));
  return readMnist(new Map(files));
}

/** Which of the four a file is, by its name, however it was saved; null for none. */
export function mnistFileOf(name: string): (typeof mnistFiles)[number] | null {
  const part = /train/i.test(name) ? 'train' : /t10k|test/i.test(name) ? 't10k' : null;
  const kind = /image/i.test(name) ? 'images' : /label/i.test(name) ? 'labels' : null;
  if (part === null || kind === null) return null;
  return mnistFiles.find((each) => each.startsWith(`${part}-${kind}`)) ?? null;
}

async function readFile(file: File): Promise<readonly [string, Uint8Array]> {
  const { name } = file;
  const known = mnistFileOf(name);
  if (known === null) {
    const message = `${name} is none of MNIST’s four files, which are called ${mnistFiles.join(', ')}.`;
    throw new AdaptiveError('invalid-option', message, { name });
  }
  if (file.size > mostBytes) {
    throw new AdaptiveError('invalid-option', `${name} is larger than any of MNIST’s files.`, { name });
  }
  try {
    return [known, new Uint8Array(await file.arrayBuffer())];
  } catch (cause) {
    const message = `${name} could not be read. If it changed or moved since it was chosen, choose it again.`;
    throw new AdaptiveError('disk', message, { name }, { cause });
  }
}

async function fetchFile(folder: string, name: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(new URL(name, folder), { signal }).catch((cause: unknown) => {
    if (signal.aborted) throw new AdaptiveError('aborted', 'The experiment was stopped.');
    throw new AdaptiveError('network', `${name} could not be fetched. Choose the four files yourself.`, {}, { cause });
  });
  // A site that answers everything with a page of its own has no such file either.
  if (!response.ok || /^text\/html/.test(response.headers.get('content-type') ?? '')) {
    const message =
      'This experiment needs MNIST, and this site has no copy of it. Choose its four files, ' +
      `${mnistFiles.join(', ')}: they are read here and stay on this device.`;
    throw new AdaptiveError('network', message, { status: response.status });
  }
  return new Uint8Array(await response.arrayBuffer());
}
