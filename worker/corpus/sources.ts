/** Files, texts and addresses as one thing: something with a name that can be opened, once for each pass. */
import { parseSeparator, parseWeight, type CorpusSource } from '../../core/corpus.js';
import { AdaptiveError } from '../../core/errors.js';

export interface TextSource {
  /** For messages. */
  readonly name: string;
  readonly weight: number;
  /** The line between two of its documents, or null. */
  readonly separator: string | null;
  /** As they lie there, packed or not; null when that is not known. */
  readonly bytes: number | null;
  open(): Promise<OpenSource>;
}

export interface OpenSource {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** MIME type, with its parameters, or ''. */
  readonly type: string;
  /** See TextSource. */
  readonly bytes: number | null;
}

/** @throws AdaptiveError 'invalid-option' */
export function textSources(source: CorpusSource): readonly TextSource[] {
  const separator = parseSeparator(source.documentSeparator);
  switch (source.kind) {
    case 'text':
      return [blobSource(new Blob([source.text]), '', 1, separator)];
    case 'files':
      if (source.files.length === 0) {
        throw new AdaptiveError('invalid-option', 'There are no files to learn from. Choose at least one.');
      }
      return source.files.map(({ file, name, weight }) => blobSource(file, name, parseWeight(name, weight), separator));
    case 'url':
      return [urlSource(source.url, separator)];
  }
}

function blobSource(blob: Blob, name: string, weight: number, separator: string | null): TextSource {
  return {
    name: name || 'The text',
    weight,
    separator,
    bytes: blob.size,
    open: async () => ({ stream: blob.stream(), type: blob.type, bytes: blob.size }),
  };
}

/**
 * Nothing that the reader does here may be seen from outside: an address elsewhere would tell that origin who learns what.
 */
export function checkOrigin(url: string, origin: string | undefined): void {
  const known = URL.canParse(url) ? new URL(url).origin : 'an unknown origin';
  if (known === origin) return;
  throw new AdaptiveError(
    'invalid-option',
    origin === undefined
      ? 'Addresses can be read in a page only. Give a file.'
      : `${url} is on ${known}, and texts are read from ${origin} only, so that no other server learns what is read here. ` +
          'Download it, and choose the file; or serve it beside the page.',
    { url },
  );
}

/** An address is asked once, unless there is more than this: then it is asked anew for the second pass. */
const mostHeld = 16 * 2 ** 20;

function urlSource(url: string, separator: string | null): TextSource {
  let held: { readonly blob: Blob; readonly type: string } | null = null;
  let cache: RequestCache = 'default';
  return {
    name: url,
    weight: 1,
    separator,
    bytes: null,
    async open() {
      if (held) return { stream: held.blob.stream(), type: held.type, bytes: held.blob.size };
      const response = await fetchHere(url, cache);
      cache = 'force-cache'; // what the first pass saw, if it is there
      if (!response.ok || !response.body) {
        throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
      }
      const type = response.headers.get('content-type') ?? '';
      const stated = Number(response.headers.get('content-length'));
      const bytes = stated > 0 && !response.headers.has('content-encoding') ? stated : null;
      const keep = holding((blob) => (held = { blob, type }));
      return { stream: response.body.pipeThrough(keep), type, bytes };
    },
  };
}

/** From the page's own origin, and nowhere else, whatever redirects say. */
async function fetchHere(url: string, cache: RequestCache): Promise<Response> {
  checkOrigin(url, typeof location === 'undefined' ? undefined : location.origin);
  try {
    return await fetch(url, { mode: 'same-origin', cache });
  } catch (thrown) {
    // The platform does not say why. A redirect within the origin would have been followed.
    const first = await fetch(url, { mode: 'same-origin', redirect: 'manual' }).catch(() => null);
    if (first?.type !== 'opaqueredirect') throw thrown;
    throw new AdaptiveError(
      'invalid-option',
      `${url} is redirected to another origin, or in a circle, and texts are read from ${location.origin} only, so that no ` +
        'other server learns what is read here. Download it, and choose the file; or serve it beside the page.',
      { url },
      { cause: thrown },
    );
  }
}

/** Lets bytes pass, and has them all in the end, unless they are too many. */
function holding(whenAll: (blob: Blob) => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      length += chunk.byteLength;
      if (length <= mostHeld) parts.push(chunk);
      else parts = [];
      controller.enqueue(chunk);
    },
    flush() {
      if (length <= mostHeld) whenAll(new Blob(parts));
    },
  });
}
