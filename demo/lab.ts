/** The laboratory's page: its elements do the work, and one of them reads the texts of the front page. */
import '../components/lab/define.js';
import { lighthouse } from './texts/lighthouse.js';
import { market } from './texts/market.js';

const reader = document.querySelector('activation-lab[experiment="stability"]');
// It asks for its text by the name of the one that the research's is measured on.
if (reader) Object.assign(reader, { texts: { tinyshakespeare: `${lighthouse}\n\n${market}` } });
