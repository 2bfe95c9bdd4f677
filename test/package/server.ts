/** Sites for the tests: each of its own origin, with a content security policy whose breaches come to light here. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import sirv from 'sirv';

const reports = '/violations';

export interface Site {
  /** 'http://127.0.0.1:40001/' */
  readonly url: string;
  /** What pages and workers did, or tried to do, against their policy. */
  readonly violations: readonly string[];
  readonly close: () => void;
}

/** Nothing from anywhere else. */
export const ownOriginOnly = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:";

/** The strictest that the elements need, with Trusted Types. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'none'; " +
  "require-trusted-types-for 'script'; trusted-types adaptive-lm lit-html";

/** With it, workers may share memory among threads. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Serves folders, the first that has a file.
 * @param policy a Content-Security-Policy. The browser reports each breach of it to the server, those of workers, too.
 * @param others more headers of every answer.
 */
export async function serveSite(
  folders: readonly string[],
  policy: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const headers = { ...others, 'Content-Security-Policy': `${policy}; report-uri ${reports}` };
  const setHeaders = (response: ServerResponse): void => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  const rooms = folders.map((folder) => sirv(folder, { dev: true, setHeaders }));
  const violations: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url === reports) {
      request.setEncoding('utf8').on('data', (report: string) => violations.push(report));
      request.on('end', () => response.writeHead(204).end());
      return;
    }
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const next = rooms.reduceRight<() => void>(
      (otherwise, room) => () => room(request, response, otherwise),
      () => response.writeHead(404).end(),
    );
    next();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}/`, violations, close };
}
