/** Serves the package as it ships, and a page that has nothing but the visits in it. */
import { createServer, type Server } from 'node:http';
import sirv from 'sirv';

/** The page's script names the sources; it gets what ships. */
const imports = {
  '/api/index.js': '/adaptive-lm-api.js',
  '/components/define.js': '/adaptive-lm.js',
  '/components/complete/define.js': '/adaptive-complete.js',
  '/components/trainer/define.js': '/adaptive-trainer.js',
  '/components/stored/define.js': '/adaptive-stored.js',
};

const script = '/test/leaks/page.js';

const html = `<!doctype html>
<title>Leaks</title>
<link rel="icon" href="data:," />
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="${script}"></script>`;

/** On a free port, isolated, so that there are threads. */
export async function serveLeakPage(): Promise<{ readonly url: string; readonly server: Server }> {
  const package_ = sirv('dist', { dev: true });
  const tests = sirv('build', { dev: true });
  const server = createServer((request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (request.url === '/') response.setHeader('Content-Type', 'text/html').end(html);
    else
      (request.url?.startsWith('/test/') ? tests : package_)(
        request,
        response,
        () => void response.writeHead(404).end(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}/`, server };
}
