/** `npm run test:package`: builds, and embeds the package in an app of each bundler. */
import { findBrowser } from './browser.js';
import { build } from './build.js';

await build();
process.env['CHROME_PATH'] = findBrowser();
await import('../build/test/package/bundlers-all.js');
