/** `npm run docs`: builds what is documented, writes the documentation to build/site/docs/, and says what is wrong with it. */
import { build } from './build.js';

await build();
const { buildDocs, folder } = await import('./docs/build.js');
const { count, faults } = await buildDocs();
for (const fault of faults) console.error(fault);
console.log(`${count} pages are in ${folder}/. npm start shows them.`);
process.exitCode = faults.length > 0 ? 1 : 0;
