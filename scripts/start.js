/** `npm start [-- --no-isolation]`: installs, builds (not with --built, when that is done) and serves the page. PORT, 8000 unless set. */
import { parseArgs } from 'node:util';
import { build } from './build.js';

const flag = { type: 'boolean', default: false };
const { values } = parseArgs({ options: { 'no-isolation': flag, built: flag } });
const port = Number(process.env['PORT'] ?? 8000);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT: expected a number from 0 to 65535, got ${process.env['PORT']}.`);
  process.exit(2);
}

if (!values.built) {
  await build();
  const { buildDocs } = await import('./docs/build.js');
  await buildDocs();
}
const { serve } = await import('./serve.js');
try {
  const { server, url } = await serve({ port, isolated: !values['no-isolation'] });
  console.log(`<adaptive-lm> is at ${url}  (Ctrl-C ends it)`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${port} is taken. Choose another: PORT=8001 npm start`);
  process.exit(1);
}
