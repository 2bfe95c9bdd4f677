/** `npm run lm -- train | generate | evaluate …`: the page's runtime in Node. */
import { runBuilt } from './run-built.js';

await runBuilt('build/cli/main.js');
