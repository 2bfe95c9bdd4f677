/** `npm run parity -- DIR [--backend NAME] [--json FILE]`: golden cases on every backend. */
import { runBuilt } from './run-built.js';

await runBuilt('build/test/parity/main.js');
