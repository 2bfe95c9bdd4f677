/** `npm run docs`: builds what is documented and writes the documentation to build/site/docs/, pages without a script. */
import { build } from './build.js';

if (process.argv[1] === import.meta.filename) {
  await build();
  const { buildDocs, home } = await import('./docs/build.js');
  console.log(`${await buildDocs()} pages are in build/site/docs/; npm start shows them at ${home}`);
}
