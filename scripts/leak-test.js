/** `npm run leak-test`: builds, and has everything come and go in a page over and over. */
import { findBrowser } from './browser.js';
import { build } from './build.js';

await build();
process.env['CHROME_PATH'] = findBrowser();
await import('../build/test/leaks/leak-test.js');
