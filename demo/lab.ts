/** The laboratory's page: its elements do the work, and those that read text read that of the front page. */
import '../components/lab/define.js';
import { lighthouse } from './texts/lighthouse.js';
import { market } from './texts/market.js';

// They ask for their text by the name of the one that the research's is measured on.
const texts = { tinyshakespeare: `${lighthouse}\n\n${market}` };
for (const reader of document.querySelectorAll('activation-lab')) Object.assign(reader, { texts });
