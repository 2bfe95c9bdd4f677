/** `npm run kill-test`: builds, and kills browsers in the midst of training. */
import { findBrowser } from './browser.js';
import { build } from './build.js';

await build();
process.env['CHROME_PATH'] = findBrowser();
await import('../build/test/site/kill-test.js');
