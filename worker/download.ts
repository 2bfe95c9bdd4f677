/** Fetches a file with progress. The length that a server states is a hint: it may be absent, or of the packed file. */
import { AdaptiveError } from '../core/errors.js';
import type { DownloadEvent } from '../core/protocol.js';

/** A model larger than this is refused rather than read into memory. */
const limitBytes = 2 ** 30;

/** @throws AdaptiveError 'model-file' */
export function checkModelSize(name: string, bytes: number): void {
  if (bytes > limitBytes) {
    throw new AdaptiveError('model-file', `${name} is larger than 1 GiB, the most that is read. Choose another file.`, {
      bytes,
      limitBytes,
    });
  }
}

/** @throws AdaptiveError 'network' with the URL and the reason, 'aborted', 'model-file' when it is too large. */
export async function download(
  url: string,
  onProgress: (event: DownloadEvent) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) throw failed(url, `the server answered ${response.status} ${response.statusText}`.trim());
    const total = statedLength(response);
    onProgress({ loaded: 0, total });
    const chunks: Uint8Array[] = [];
    let loaded = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      chunks.push(part.value);
      loaded += part.value.byteLength;
      checkModelSize(url, loaded);
      onProgress({ loaded, total });
    }
    return join(chunks, loaded);
  } catch (thrown) {
    if (signal?.aborted) throw new AdaptiveError('aborted', 'The download was stopped.');
    if (thrown instanceof AdaptiveError) throw thrown;
    throw failed(url, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function statedLength(response: Response): number | null {
  const length = Number(response.headers.get('content-length'));
  return length > 0 && !response.headers.has('content-encoding') ? length : null;
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function failed(url: string, reason: string): AdaptiveError {
  return new AdaptiveError('network', `${url} could not be fetched: ${reason}. Check the address and the connection.`, {
    url,
  });
}
