/** Serves the built page on 127.0.0.1. */
import { createServer } from 'node:http';
import sirv from 'sirv';

/** Lets a page share memory among threads: https://web.dev/articles/coop-coep */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What the page needs and no more; scripts and workers from here only, no request to anyone else. */
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/**
 * @param port 0 takes any free one.
 * @returns the server, listening, and its URL.
 */
export async function serve({ port, isolated = true }) {
  const headers = { 'Content-Security-Policy': policy, 'Cache-Control': 'no-cache', ...(isolated ? isolation : {}) };
  const setHeaders = (response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  const site = sirv('build/site', { dev: true, etag: true, setHeaders });
  /** Data that was fetched by `npm run lm -- download`, if any. */
  const data = sirv('data', { dev: true, setHeaders });
  const server = createServer((request, response) => {
    const missing = () => {
      response.statusCode = 404;
      response.end('Not found');
    };
    if (!/^\/data\//.test(request.url ?? '')) return site(request, response, missing);
    request.url = request.url.slice('/data'.length);
    data(request, response, missing);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}
